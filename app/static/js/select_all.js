// The checkbox of the whole page, ranges with shift, and how many rows are selected.

import { text } from "./texts.js";

export default function selectAll(master) {
  const scope = master.closest("form") ?? master.closest("table");
  const bar = scope.querySelector("[data-selection-bar]") ?? document.querySelector("[data-selection-bar]");
  let last = null;

  const boxes = () => [...scope.querySelectorAll("[data-select-row]")];
  const show = () => {
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    master.checked = chosen > 0 && chosen === all.length;
    master.indeterminate = chosen > 0 && chosen < all.length;
    all.forEach((box) => box.closest("tr")?.classList.toggle("is-selected", box.checked));
    if (bar) {
      bar.classList.toggle("selection-bar--active", chosen > 0);
      bar.querySelector("[data-selection-count]").textContent = text("selected", { n: chosen });
    }
  };

  master.hidden = false;
  master.addEventListener("change", () => {
    boxes().forEach((box) => {
      box.checked = master.checked;
    });
    show();
  });
  scope.addEventListener("click", (event) => {
    const box = event.target.closest("[data-select-row]");
    if (!box) {
      return;
    }
    const all = boxes();
    if (event.shiftKey && last) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((other) => {
        other.checked = box.checked;
      });
    }
    last = box;
    show();
  });
  show();
}
