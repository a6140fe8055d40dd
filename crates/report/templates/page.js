// Conveniences alone: everything can be read without them.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    const said = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = said; }, 1500);
  });
}
// A link into a closed section opens it.
const open = () => {
  let at = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
};
addEventListener("hashchange", open);
open();
// Paper shows all of it, also in browsers that do not know the style for it.
addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details")) part.open = true; });
