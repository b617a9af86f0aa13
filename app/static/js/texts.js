// Sentences come from the page, in the reader's language (components/script_texts.html).

const source = document.getElementById("script-texts");

/** Return the sentence called name with {placeholders} filled. */
export function text(name, values = {}) {
  const sentence = source?.dataset[name] ?? "";
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}
