// The token stands after the # of the link, so that it is sent to no server but by the form. It is kept in the tab while somebody signs in.
const token = location.hash.slice(1);
if (token) {
  sessionStorage.setItem("invitation", token);
  history.replaceState(null, "", location.pathname);
}
const field = document.getElementById("token");
if (field) {
  field.value = sessionStorage.getItem("invitation") ?? "";
  field.form.addEventListener("submit", () => sessionStorage.removeItem("invitation"));
}
