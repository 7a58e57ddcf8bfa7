/* Extras for people with JavaScript; every page works without.
   - Suggestions (ARIA combobox) on [data-suggest]: GET /suggest/?q=... answers
     {"suggestions": [{"kind", "text", "detail", "path"}]}; one with a path opens it, others fill the box.
   - "Use my location" on [data-locate]: POST /place-at/ with latitude and longitude, rounded to three decimals
     (about 100 metres), answers {"place": "CM1 1"}.
   - The focus goes to [data-focus], the error summary, when the page opens. */
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

for (const box of document.querySelectorAll("[data-suggest]")) {
  const input = box.querySelector("input");
  const list = document.createElement("ul");
  const status = document.createElement("span");
  list.id = input.id + "-list";
  list.className = "combo__list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  status.className = "unseen";
  status.setAttribute("role", "status");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]])
    input.setAttribute(name, value);
  box.append(list, status);
  let found = [], at = -1, timer, asked = "";

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    at = next;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", index === at));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const take = (index) => {
    const chosen = found[index];
    close();
    if (chosen.path) return location.assign(chosen.path);
    input.value = asked = chosen.text;
  };
  const show = () => {
    list.replaceChildren(...found.map((one, index) => {
      const item = document.createElement("li");
      item.id = list.id + index;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(one.text);
      if (one.detail && one.detail !== one.text) {
        const detail = document.createElement("small");
        detail.append(one.detail);
        item.append(" ", detail);
      }
      item.onclick = () => take(index);
      return item;
    }));
    at = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? found.length + " " + box.dataset.found : "";
  };

  list.onmousedown = (event) => event.preventDefault(); // keeps the focus in the box
  input.addEventListener("blur", close);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked = input.value.trim();
    if (asked.length < 2) return close();
    timer = setTimeout(async () => {
      const text = asked;
      try {
        const answer = await fetch(box.dataset.suggest + "?q=" + encodeURIComponent(text));
        const data = answer.ok ? await answer.json() : { suggestions: [] };
        if (text !== asked || document.activeElement !== input) return;
        found = data.suggestions;
        show();
      } catch {
        close();
      }
    }, 150);
  });
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((key === "ArrowDown" || key === "ArrowUp") && found.length) {
      event.preventDefault();
      if (list.hidden) show();
      const step = key === "ArrowDown" ? 1 : -1;
      mark(at < 0 && step < 0 ? found.length - 1 : (at + step + found.length) % found.length);
    } else if (key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      take(at);
    }
  });
}

for (const button of document.querySelectorAll("[data-locate]")) {
  if (!navigator.geolocation || !isSecureContext) continue;
  const place = document.getElementById("near");
  const error = document.getElementById("near-error");
  button.hidden = false;
  button.onclick = () => {
    const refuse = () => {
      error.textContent = button.dataset.refused;
      error.hidden = false;
      button.removeAttribute("aria-busy");
      place.focus();
    };
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(async ({ coords }) => {
      try {
        const body = new URLSearchParams({ latitude: coords.latitude.toFixed(3), longitude: coords.longitude.toFixed(3) });
        const answer = await fetch(button.dataset.locate, { method: "POST", body });
        if (!answer.ok) return refuse();
        place.value = (await answer.json()).place;
        error.hidden = true;
        button.removeAttribute("aria-busy");
        place.focus();
      } catch {
        refuse();
      }
    }, refuse, { timeout: 10000, maximumAge: 300000 });
  };
}
