// Leaflet guesses its image folder from a script tag that a manifest storage renames: name it instead.
L.Icon.Default.imagePath = new URL("../leaflet/images/", document.currentScript.src).pathname;
