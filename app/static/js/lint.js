// Says beside an indicator what cannot be measured while it is typed; the rules stay on the server.

const DELAY_MS = 600;

function show(section, notes) {
  for (const old of section.querySelectorAll(".kpi-lint")) {
    old.remove();
  }
  for (const [name, message] of Object.entries(notes)) {
    const field = section.querySelector(`[name="${CSS.escape(name)}"]`);
    const note = document.createElement("p");
    note.className = "kpi-lint";
    note.id = `${field?.id}-lint`;
    note.textContent = message;
    field?.closest(".kpi-card__cell")?.append(note);
    field?.setAttribute("aria-describedby", note.id);
  }
}

export default function lint(section) {
  const form = section.closest("form");
  const token = document.querySelector("meta[name=csrf-token]").content;
  let timer = 0;
  let turn = 0;

  const ask = async () => {
    const mine = ++turn;
    const fields = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (name.startsWith("kpis-")) {
        fields.append(name, value);
      }
    }
    const answer = await fetch(section.dataset.lint, {
      method: "POST",
      body: fields,
      headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
    }).catch(() => null);
    if (answer?.ok && mine === turn) {
      show(section, await answer.json());
    }
  };

  section.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY_MS);
  });
}
