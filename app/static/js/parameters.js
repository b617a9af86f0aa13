// Parameters follow the chip categories: those usual for what is chosen stand in the first group of the list.

function wanted(form, name) {
  const options = form.querySelectorAll(`[data-rows="${name}"] [data-rows-body] option:checked`);
  return [...new Set([...options].flatMap((option) => (option.dataset.usual ?? "").split(" ").filter(Boolean)))];
}

function order(select, keys) {
  const [usual, other] = select.querySelectorAll("optgroup");
  const chosen = select.value;
  const before = [...usual.querySelectorAll("option")].filter((option) => option.value !== "");
  other.prepend(...before.filter((option) => !keys.includes(option.value)));
  for (const key of keys) {
    const option = select.querySelector(`option[value="${CSS.escape(key)}"]`);
    if (option) {
      usual.append(option);
    }
  }
  select.value = chosen;
}

export default function parameters(select) {
  const form = select.closest("form");
  const name = select.dataset.parameters;
  const follow = () => order(select, wanted(form, name));
  form.addEventListener("change", (event) => {
    if (event.target.closest?.(`[data-rows="${name}"]`)) {
      follow();
    }
  });
  follow();
}
