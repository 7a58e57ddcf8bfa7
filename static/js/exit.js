/* "Exit this page": leave at once, and leave no way back to this page. Without scripts it is a plain link. */
for (const link of document.querySelectorAll("[data-exit]"))
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.hidden = true;
    location.replace(link.href);
  });
