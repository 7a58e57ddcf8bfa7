/* "Show password" beside each password box. Without JavaScript the box is as it was. */
const words = document.currentScript.dataset;
for (const box of document.querySelectorAll("input[type=password]")) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "plain" });
  const show = (shown) => {
    box.type = shown ? "text" : "password";
    button.textContent = shown ? words.hide : words.show;
  };
  button.addEventListener("click", () => show(box.type === "password"));
  box.form.addEventListener("submit", () => show(false));
  show(false);
  box.after(button);
}
