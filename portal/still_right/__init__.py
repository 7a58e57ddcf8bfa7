"""One press from a reminder's e-mail: everything is still right."""
