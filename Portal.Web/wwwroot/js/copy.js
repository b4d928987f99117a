// Buttons that copy: done by the browser at the click, since the clipboard wants one.
async function copy(text) {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  // Plain HTTP in a house's own network has no clipboard interface.
  const field = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

export function watchCopy() {
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await copy(button.dataset.copy);
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, 2_000);
  });
}
