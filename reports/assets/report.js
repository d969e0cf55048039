"use strict";
(() => {
  const root = document.documentElement;
  const owners = [...document.querySelectorAll("[data-claim]")];

  // Filter: an owner (ladder row or claim) stays when every chosen value fits.
  const form = document.getElementById("filter");
  const apply = () => {
    const { verdict, level, report, text } = form.elements;
    const wanted = text.value.trim().toLowerCase();
    const kept = new Set(), all = new Set();
    for (const owner of owners) {
      const data = owner.dataset;
      const article = document.getElementById(data.anchor) || owner;
      const fits = (!verdict.value || data.verdict === verdict.value)
        && (!level.value || data.level === level.value)
        && (!report.value || JSON.parse(data.reports).includes(report.value))
        && (!wanted || article.textContent.toLowerCase().includes(wanted));
      owner.toggleAttribute("data-hidden", !fits);
      all.add(data.claim);
      if (fits) kept.add(data.claim);
    }
    form.querySelector("output").value = kept.size === all.size ? "" : `${kept.size} of ${all.size} claims`;
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // A link to a claim must show it, whatever the filter hides.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[data-hidden]") && form) { form.reset(); apply(); }
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // Sort: click a head; numbers by value, words by alphabet.
  const collator = new Intl.Collator("en", { numeric: true });
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => row.cells[column].textContent.trim() || row.cells[column].querySelector("[aria-label]")?.ariaLabel || "";
        const rows = [...body.rows].map((row) => [key(row), row]);
        rows.sort((a, b) => (down ? -1 : 1) * collator.compare(a[0], b[0]));
        body.append(...rows.map((pair) => pair[1]));
      });
    });
  }

  // Theme: follows the system until the button is used.
  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((node) => { node.open = true; }));
})();
