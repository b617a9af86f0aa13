// Repeated groups: rows are cloned and dropped in the page, and renumbered without gaps.

import { enhance } from "./enhance.js";

const NUMBERED = ["id", "name", "for", "aria-describedby"];

function escape(name) {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function renumber(row, name, index) {
  const prefix = new RegExp(`(^|\\s)${escape(name)}-\\d+`, "g");
  row.querySelectorAll("*").forEach((element) => {
    for (const attribute of NUMBERED) {
      const value = element.getAttribute(attribute);
      if (value) {
        element.setAttribute(attribute, value.replace(prefix, `$1${name}-${index}`));
      }
    }
  });
  const remove = row.querySelector("[data-rows-remove]");
  remove.value = String(index);
  const words = remove.querySelector(".rows__remove-text");
  words.textContent = words.textContent.replace(/\d+/, String(index + 1));
}

export default function rows(group) {
  const body = group.querySelector("[data-rows-body]");
  const template = group.querySelector("[data-rows-template]");
  const add = group.querySelector("[data-rows-add]");
  const empty = group.querySelector("[data-rows-empty]");
  const least = Number(group.dataset.min);
  const most = Number(group.dataset.max) || Infinity;

  const settle = () => {
    const all = [...body.querySelectorAll(":scope > [data-row]")];
    all.forEach((row, index) => renumber(row, group.dataset.rows, index));
    empty.hidden = all.length > 0;
    add.hidden = all.length >= most;
    all.forEach((row) => {
      row.querySelector("[data-rows-remove]").hidden = all.length <= least;
    });
    group.dispatchEvent(new Event("change", { bubbles: true }));
  };

  add.addEventListener("click", (event) => {
    if (!template) {
      return; // full when the page was made: the server knows what a new row looks like
    }
    event.preventDefault();
    const row = template.content.firstElementChild.cloneNode(true);
    body.append(row);
    settle();
    enhance(row);
    row.querySelector("input, select, textarea")?.focus();
  });

  body.addEventListener("click", (event) => {
    const remove = event.target.closest("[data-rows-remove]");
    if (!remove) {
      return;
    }
    event.preventDefault();
    const row = remove.closest("[data-row]");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    settle();
    (next?.querySelector("input, select, textarea") ?? add).focus();
  });
}
