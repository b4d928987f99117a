// Light, dark, or as the system. The choice is a cookie, so that the server's first paint has it already.
const year = 31_536_000;

function show(choice) {
  if (choice === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  document.dispatchEvent(new CustomEvent("portal-theme"));
}

export function watchTheme() {
  document.addEventListener("click", event => {
    const choice = event.target.closest("[data-theme-choice]")?.dataset.themeChoice;
    if (!choice) return;
    document.cookie = `portal-theme=${choice}; path=/; max-age=${year}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    show(choice);
  });
  // Charts are drawn in colours of the moment.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("portal-theme")));
}

// A token's colour as it is now, for canvases: "rgb(11, 93, 122)".
export function colourOf(token, element = document.body) {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(${token})`;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
