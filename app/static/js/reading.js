// "Read requirements from my text": asks with what is typed, and puts the ticked answers into rows and fields.

import { ask } from "./guess.js";
import { text } from "./texts.js";

const OWN_FIELDS = { temp: ["temp_min", "temp_max"], grade: ["quality_grade"] };

function set(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Fill the form's own fields for temperature and grade where they are empty; return whether it has them. */
function fillOwn(form, { readingKey, value }) {
  const fields = (OWN_FIELDS[readingKey] ?? []).map((name) => form.elements.namedItem(name));
  if (fields.length === 0 || fields.includes(null)) {
    return false;
  }
  const values = value.split("~");
  fields.forEach((field, index) => {
    if (field.value === "") {
      set(field, values[index] ?? "");
    }
  });
  return true;
}

const cell = (row, name) => row.querySelector(`[name$="-${name}"]`);

function freeRow(group) {
  const rows = () => [...group.querySelectorAll("[data-row]")];
  const free = () => rows().find((row) => cell(row, "key").value === "" && cell(row, "value").value === "");
  if (!free()) {
    const add = group.querySelector("[data-rows-add]");
    if (add.hidden) {
      return null; // as many as the form takes
    }
    add.click();
  }
  return free();
}

/** Put one requirement into a row; return the row, null where the form says it already or takes no more. */
function addRow(form, found) {
  const group = form.querySelector("[data-rows=params]");
  const same = (row) => cell(row, "key").value === found.readingKey && cell(row, "op").value === found.op;
  if ([...group.querySelectorAll("[data-row]")].some(same)) {
    return null;
  }
  const row = freeRow(group);
  if (row) {
    set(cell(row, "key"), found.readingKey);
    for (const name of ["op", "value", "unit", "level", "condition"]) {
      set(cell(row, name), found[name]);
    }
  }
  return row;
}

/** Add what is ticked, say how many rows that made, and go on in the first of them. */
function addTicked(form, answer, asked) {
  const ticked = [...answer.querySelectorAll("[data-reading-key]:checked")].map((box) => box.dataset);
  const rows = ticked.filter((found) => !fillOwn(form, found)).map((found) => addRow(form, found)).filter(Boolean);
  answer.textContent = text("rowsAdded", { n: rows.length });
  (rows.length > 0 ? cell(rows[0], "key") : asked).focus();
}

export default function reading(block) {
  const form = block.closest("form");
  const answer = block.querySelector("[data-reading-answer]");
  const asked = block.querySelector("[data-reading-ask]");

  asked.addEventListener("click", async (event) => {
    event.preventDefault();
    answer.setAttribute("aria-busy", "true");
    try {
      const page = await ask(block.dataset.reading, form);
      answer.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
    } catch {
      answer.textContent = text("loadFailed");
    } finally {
      answer.removeAttribute("aria-busy");
    }
  });

  answer.addEventListener("click", (event) => {
    if (event.target.closest("[data-reading-add]")) {
      addTicked(form, answer, asked);
    }
  });
}
