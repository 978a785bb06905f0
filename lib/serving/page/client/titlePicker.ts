import type { FoundItem, PageBackend } from "../protocol";
import { button, element, later } from "./elements";

/** Where somebody says which titles they like. */
export interface TitlePicker {
  readonly element: HTMLElement;
  /** Oldest first. */
  picked(): readonly FoundItem[];
  /** Picks something from outside of the field; `onChange` does not hear it. */
  add(item: FoundItem): void;
  clear(): void;
}

const shown = 8;

/**
 * A field that finds titles as they are typed, after the combobox pattern of the ARIA Authoring Practices: arrows walk
 * through what was found, Enter picks, Escape closes, and in the empty field Backspace takes the last title back.
 *
 * @param options.onChange hears that something was picked or taken back
 * @param options.tell says something to whoever cannot see it
 */
export function titlePicker(
  backend: PageBackend,
  {
    onChange,
    tell,
    onProblem,
  }: {
    readonly onChange: () => void;
    readonly tell: (text: string) => void;
    readonly onProblem: (problem: unknown) => void;
  },
): TitlePicker {
  let picked: readonly FoundItem[] = [];
  let found: readonly FoundItem[] = [];
  let at = -1;
  let asked = 0;
  const input = element("input", {
    id: "title",
    is: {
      ...{ type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: 200 },
      ...{ "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" },
      ...{ placeholder: "Type a title you like", enterkeyhint: "done" },
    },
  });
  const list = element("ul", {
    id: "found",
    is: { role: "listbox", "aria-label": "Titles found", hidden: true },
  });
  const chips = element("ol", { class: "chips", is: { "aria-label": "Titles you picked" } });

  function open(isOpen: boolean): void {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", `${isOpen}`);
    if (!isOpen) mark(-1);
  }

  function mark(place: number): void {
    at = place;
    Array.from(list.children).forEach((option, i) => {
      option.setAttribute("aria-selected", `${i === at}`);
      if (i === at) option.scrollIntoView({ block: "nearest" });
    });
    if (at >= 0) input.setAttribute("aria-activedescendant", `found-${at}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function show(items: readonly FoundItem[]): void {
    found = items;
    list.replaceChildren(
      ...items.map((item, i) =>
        element("li", {
          id: `found-${i}`,
          is: { role: "option", "aria-selected": "false" },
          inside: [element("span", { text: item.title }), besideTitle(item)],
          // Not click: the field must not lose the focus before.
          on: { pointerdown: (event) => event.preventDefault(), click: () => choose(item) },
        }),
      ),
    );
    open(items.length > 0);
    const nothing = items.length === 0 && input.value.trim() !== "";
    if (nothing) tell(`Nothing is called “${input.value.trim()}”.`);
    else if (items.length > 0) tell(`${items.length} ${items.length === 1 ? "title" : "titles"} found.`);
    none.hidden = !nothing;
  }

  const none = element("p", { class: "none", text: "No title found.", is: { hidden: true } });
  const search = later(120, async () => {
    const query = input.value.trim();
    const mine = ++asked;
    if (query === "") return show([]);
    try {
      const items = await backend.items(query, shown + picked.length);
      if (mine !== asked) return;
      const known = new Set(picked.map(({ item_id }) => item_id));
      show(items.filter(({ item_id }) => !known.has(item_id)).slice(0, shown));
    } catch (problem) {
      if (mine === asked) onProblem(problem);
    }
  });

  function add(item: FoundItem): void {
    asked++;
    if (!picked.some(({ item_id }) => item_id === item.item_id)) picked = [...picked, item];
    input.value = "";
    show([]);
    draw();
  }

  function choose(item: FoundItem): void {
    add(item);
    tell(`${item.title} picked.`);
    onChange();
  }

  function remove(item: FoundItem): void {
    picked = picked.filter(({ item_id }) => item_id !== item.item_id);
    draw();
    input.focus();
    tell(`${item.title} taken back.`);
    onChange();
  }

  function draw(): void {
    chips.replaceChildren(
      ...picked.map((item) =>
        element("li", {
          inside: [
            element("span", { text: item.title }),
            button("×", () => remove(item), { is: { "aria-label": `Take back ${item.title}` } }),
          ],
        }),
      ),
    );
    chips.hidden = picked.length === 0;
  }

  input.addEventListener("input", search);
  input.addEventListener("blur", () => open(false));
  input.addEventListener("focus", () => open(found.length > 0 && input.value.trim() !== ""));
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (found.length === 0) return;
      event.preventDefault();
      if (list.hidden) open(true);
      const step = key === "ArrowDown" ? 1 : -1;
      mark(at < 0 ? (step > 0 ? 0 : found.length - 1) : (at + step + found.length) % found.length);
    } else if (key === "Enter" && found.length > 0 && !list.hidden) {
      event.preventDefault();
      choose(found[Math.max(0, at)]);
    } else if (key === "Escape") open(false);
    else if (key === "Backspace" && input.value === "" && picked.length > 0)
      remove(picked[picked.length - 1]);
  });
  draw();
  return {
    element: element("div", {
      class: "picker",
      inside: [
        element("label", { text: "Titles you like", is: { for: "title" } }),
        element("div", { class: "combobox", inside: [input, list] }),
        none,
        chips,
      ],
    }),
    picked: () => picked,
    add,
    clear() {
      picked = [];
      input.value = "";
      show([]);
      draw();
    },
  };
}

/** What the items file says beside a title, shortly: the authors and the year where there are some. */
function besideTitle(item: FoundItem): Node | undefined {
  const words = ["authors", "author", "year", "genres", "genre"]
    .map((column) => item[column])
    .filter((value) => (typeof value === "string" && value !== "") || typeof value === "number")
    .slice(0, 2)
    .map((value) => `${value}`);
  return words.length === 0 ? undefined : element("small", { text: words.join(" · ") });
}
