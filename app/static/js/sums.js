// Keeps a sum beside the fields it adds up: weights, shares, parts of the reward.

function number(field) {
  const value = Number((field?.value ?? "").normalize("NFKC").trim());
  return Number.isFinite(value) ? value : 0;
}

function addends(line, form) {
  const { sumGroup, sumPart, sumFields } = line.dataset;
  if (sumFields) {
    return sumFields.split(" ").map((id) => document.getElementById(id));
  }
  return [...form.querySelectorAll(`[name^="${sumGroup}-"][name$="-${sumPart}"]`)];
}

export default function sums(line) {
  const form = line.closest("form");
  const show = () => {
    const sum = addends(line, form).reduce((total, field) => total + number(field), 0);
    const { sumTarget, sumTotal } = line.dataset;
    const goal = sumTotal ? number(document.getElementById(sumTotal)) : Number(sumTarget);
    const rounded = Math.round(sum * 10000) / 10000;
    line.querySelector("[data-sum]").textContent = String(rounded);
    if (sumTotal) {
      line.querySelector("[data-sum-goal]").textContent = String(goal);
    }
    line.classList.toggle("sum--right", goal > 0 && rounded === goal);
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
}
