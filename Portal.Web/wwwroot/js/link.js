// A link to choose a password has its secret behind #, which no browser sends to a server: it goes into the form, and out of the address.
export function takeSecret() {
  const field = document.querySelector("[data-link-secret]");
  if (!field) return;
  const secret = field.querySelector("input");
  if (location.hash.length > 1) {
    secret.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
  }
  field.hidden = secret.value !== "";
}
