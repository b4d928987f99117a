// Tells the circuit whether this tab is looked at.
export function watch(page) {
  const tell = () => page.invokeMethodAsync("Set", document.visibilityState === "visible").catch(() => { });
  document.addEventListener("visibilitychange", tell);
  tell();
  return { stop: () => document.removeEventListener("visibilitychange", tell) };
}
