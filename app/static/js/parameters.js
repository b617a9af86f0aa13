// Parameters follow the chip categories: those usual for what is chosen stand in the first group of the list.

function wanted(form, name) {
  const options = form.querySelectorAll(`[data-rows="${name}"] [data-rows-body] option:checked`);
  return [...new Set([...options].flatMap((option) => (option.dataset.usual ?? "").split(" ").filter(Boolean)))];
}

function usualGroup(select, other) {
  const known = [...select.querySelectorAll("optgroup")].find((group) => group.label === select.dataset.usualLabel);
  if (known) {
    return known;
  }
  const group = document.createElement("optgroup");
  group.label = select.dataset.usualLabel;
  other.before(group);
  return group;
}

function order(select, keys) {
  const other = [...select.querySelectorAll("optgroup")].at(-1);
  const usual = usualGroup(select, other);
  const chosen = select.value;
  other.prepend(...[...usual.children].filter((option) => !keys.includes(option.value)));
  for (const key of keys) {
    const option = select.querySelector(`option[value="${CSS.escape(key)}"]`);
    if (option) {
      usual.append(option);
    }
  }
  if (usual.children.length === 0) {
    usual.remove();
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
