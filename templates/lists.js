"use strict";
// Lists of students are searched and sorted here. Names are hostile: they are only ever text.
{
  const MOST = 50; // matches that are shown of a whole class
  // letters that are no other letter with a mark, as who has no such key writes them
  const WRITTEN = { ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" };
  const plain = (text) =>
    text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[\p{M}'\u2018\u2019\u02bc]/gu, "")
      .replace(/[łøđðħıßæœþ]/g, (letter) => WRITTEN[letter]);
  const count = (number) => number.toLocaleString("en");

  const made = (tag, fields, ...children) => {
    const element = Object.assign(document.createElement(tag), fields);
    element.append(...children);
    return element;
  };

  const wordsOf = (input) => plain(input.value).split(/\s+/).filter(Boolean);

  // An address counts from its beginning: everybody's may end alike.
  const sought = (text, addresses) => [plain(text), plain(addresses).split(" ").filter(Boolean)];
  const fits = ([text, addresses], words) =>
    words.every((word) => text.includes(word) || addresses.some((each) => each.startsWith(word)));

  const said = (found, all) =>
    found ? `${count(found)} of ${count(all)} students` : "No student matches.";

  const finder = (place) => {
    const input = made("input", { type: "search", autocomplete: "off", spellcheck: false });
    const status = made("p", { className: "found" });
    status.setAttribute("role", "status");
    place.setAttribute("role", "search");
    place.append(made("label", {}, `${place.dataset.label} `, input), status);
    place.hidden = false;
    return [input, status];
  };

  const searchRows = (place, table) => {
    const [input, status] = finder(place);
    const rows = [...table.tBodies[0].rows].map((row) => [
      row,
      sought(row.cells[0].textContent, row.dataset.find ?? ""),
    ]);
    const search = () => {
      const words = wordsOf(input);
      for (const [row, text] of rows) row.hidden = !fits(text, words);
      const found = rows.filter(([row]) => !row.hidden).length;
      status.textContent = words.length ? said(found, rows.length) : "";
    };
    input.addEventListener("input", search);
    if (place.dataset.whole) {
      place.append(made("a", { href: place.dataset.whole }, "Search the whole class"));
    }
  };

  // What most pages are called; of the others, the data says it.
  const plainPage = (name, id) =>
    (name ? `${name} ${id}` : id).replace(/[A-Z ]/g, (sign) => (sign === " " ? "-" : sign.toLowerCase()));

  const searchClass = (place, data) => {
    const [input, status] = finder(place);
    const matches = made("ul", { className: "matches" });
    place.append(matches);
    const { students, shared } = JSON.parse(data.textContent);
    const factsOf = ([name, id, about]) => [name && id, shared[about]].filter(Boolean).join(" ");
    let texts = null; // made when they are first needed
    const search = () => {
      texts ??= students.map((each) => sought(`${each[0] || each[1]} ${factsOf(each)}`, each[5] ?? ""));
      const words = wordsOf(input);
      const found = words.length ? students.filter((_, at) => fits(texts[at], words)) : [];
      matches.replaceChildren(
        ...found.slice(0, MOST).map((each) => {
          const [name, id, , points, page] = each;
          const href = `students/${encodeURIComponent(page || plainPage(name, id))}.html`;
          const link = made("a", { href }, made("bdi", {}, name || id));
          const about = made("bdi", {}, factsOf(each));
          const facts = made("span", { className: "quiet" }, about, ` ${shared[points]}`);
          return made("li", {}, link, " ", facts);
        }),
      );
      const rest = found.length > MOST ? `; the first ${MOST} are shown` : "";
      status.textContent = words.length ? said(found.length, students.length) + rest : "";
    };
    input.addEventListener("input", search);
  };

  const numberIn = (cell) => {
    const digits = cell.textContent.match(/-?\d[\d,]*(\.\d+)?/);
    return digits ? Number(digits[0].replaceAll(",", "")) : NaN;
  };

  const compared = (first, second) => {
    if (typeof first === "string") return first.localeCompare(second, "en", { numeric: true });
    return first - second;
  };

  const sortRows = (table, head, status) => {
    const descending = head.getAttribute("aria-sort") === "ascending";
    const keyOf = (cell) => (head.dataset.sort === "text" ? cell.textContent.trim() : numberIn(cell));
    const keyed = [...table.tBodies[0].rows].map((row) => [row, keyOf(row.cells[head.cellIndex])]);
    const empty = keyed.filter(([, key]) => Number.isNaN(key) || key === "");
    const full = keyed.filter(([, key]) => !Number.isNaN(key) && key !== "");
    full.sort(([, first], [, second]) => (descending ? -1 : 1) * compared(first, second));
    table.tBodies[0].append(...[...full, ...empty].map(([row]) => row));
    for (const each of head.parentElement.cells) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    status.textContent = `Sorted by ${head.textContent.trim()}, ${descending ? "descending" : "ascending"}.`;
  };

  const makeSortable = (table) => {
    const status = made("p", { className: "aside" });
    status.setAttribute("role", "status");
    table.before(status);
    for (const head of table.tHead.querySelectorAll("[data-sort]")) {
      const button = made("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => sortRows(table, head, status));
      head.append(button);
    }
  };

  for (const place of document.querySelectorAll(".finder")) {
    const data = document.getElementById("class-index");
    const table = place.parentElement.querySelector("table.roll");
    if (data) searchClass(place, data);
    else if (table) searchRows(place, table);
  }
  document.querySelectorAll("table:has([data-sort])").forEach(makeSortable);
}
