import { type Answer, mostPopular, type PolicyAbout, type Recommendation } from "../protocol";
import { button, element, labelled } from "./elements";

/** What one list is asked with, beside what all are. */
export interface ListSettings {
  readonly policy: string;
  /** A factor on the run's own temperature. */
  readonly temperature: number;
  readonly variety: number;
}

/** One of the lists. */
export interface ListPanel {
  readonly element: HTMLElement;
  settings(): ListSettings;
  wait(): void;
  show(answer: Answer): void;
  /** Shows nothing, and says why. */
  empty(why: string): void;
}

/** What somebody did with an item of a list. */
export type Hear = (item: Recommendation, answer: Answer) => void;

/**
 * A list with its settings above it.
 *
 * @param place from 1: names the list to whoever hears the page
 * @param options.fixed its policy and its draw cannot be changed: the list of what is most popular
 */
export function listPanel(
  place: number,
  {
    policies,
    start,
    fixed = false,
    onChange,
    onTaken,
    onSeen,
  }: {
    readonly policies: readonly PolicyAbout[];
    readonly start: ListSettings;
    readonly fixed?: boolean;
    readonly onChange: () => void;
    readonly onTaken: Hear;
    readonly onSeen: Hear;
  },
): ListPanel {
  const policy = element("select", {
    id: `policy-${place}`,
    on: { change: onChange },
    inside: [
      ...policies.map(({ name, agent }) => [name, labelOf(name, agent)]),
      [mostPopular, "most popular"],
    ].map(([value, text]) => element("option", { text, is: { value, selected: value === start.policy } })),
  });
  const temperature = slider(`temperature-${place}`, {
    ...{ min: -4, max: 4, step: 0.5, value: Math.log2(start.temperature) },
    says: (value) => `×${shortNumber(2 ** value)}`,
    onChange,
  });
  const variety = slider(`variety-${place}`, {
    ...{ min: 0, max: 20, step: 1, value: start.variety },
    says: (value) => (value === 0 ? "none" : `${value}`),
    onChange,
  });
  const controls = fixed
    ? element("p", { class: "settings", text: "The same for everybody, less what is picked or seen." })
    : element("div", {
        class: "settings",
        inside: [
          labelled("Policy", policy),
          labelled("Temperature", temperature.input, { inside: [temperature.output] }),
          labelled("Variety", variety.input, { inside: [variety.output] }),
        ],
      });
  const list = element("ol", { class: "list" });
  const note = element("p", { class: "none" });
  const heading = fixed ? "Most popular" : `List ${place}`;
  const panel = element("section", {
    ...{ id: `list-${place}`, class: "panel" },
    is: { "aria-labelledby": `heading-${place}`, "aria-busy": "false" },
    inside: [element("h2", { text: heading, id: `heading-${place}` }), controls, note, list],
  });
  const busy = (isBusy: boolean): void => panel.setAttribute("aria-busy", `${isBusy}`);
  const empty = (why: string): void => {
    busy(false);
    list.replaceChildren();
    note.textContent = why;
  };
  empty("");
  return {
    element: panel,
    settings: () =>
      fixed
        ? start
        : { policy: policy.value, temperature: 2 ** temperature.value(), variety: variety.value() },
    wait: () => busy(true),
    empty,
    show(answer) {
      if (answer.recommendations.length === 0)
        return empty("Nothing is left: every item is picked, seen, not available or filtered out.");
      busy(false);
      note.textContent = "";
      const buttons = (): HTMLElement[] => Array.from(list.querySelectorAll("button"));
      const focused = buttons().indexOf(document.activeElement as HTMLElement);
      list.replaceChildren(...answer.recommendations.map((item) => shown(item, answer, { onTaken, onSeen })));
      // A button is gone with its list: the focus stays where it was.
      if (focused >= 0) buttons()[Math.min(focused, buttons().length - 1)].focus({ preventScroll: true });
    },
  };
}

function labelOf(name: string, agent: string): string {
  return name.includes(agent) ? name : `${name} (${agent})`;
}

function shown(
  item: Recommendation,
  answer: Answer,
  { onTaken, onSeen }: { readonly onTaken: Hear; readonly onSeen: Hear },
): HTMLElement {
  const { title, because, probability, score } = item;
  const bar = element("span", { class: "bar", is: { "aria-hidden": "true" } });
  const isFixed = answer.recommendations.every((each) => each.probability === 1);
  bar.style.inlineSize = `${Math.max(1, 100 * probability)}%`;
  return element("li", {
    is: { "data-item": item.item_id },
    inside: [
      element("h3", { text: title }),
      because && whyShown(because),
      element("p", {
        class: "numbers",
        inside: [
          element("span", { text: isFixed ? "fixed list" : `probability ${percent(probability)}` }),
          element("span", { text: `score ${shortNumber(score)}` }),
          isFixed
            ? undefined
            : element("span", { class: "track", is: { "aria-hidden": "true" }, inside: [bar] }),
        ],
      }),
      element("p", {
        class: "done",
        inside: [
          button("I took this", () => onTaken(item, answer), { is: { "aria-label": `I took ${title}` } }),
          button("Seen it", () => onSeen(item, answer), { is: { "aria-label": `Seen it: ${title}` } }),
        ],
      }),
    ],
  });
}

/** Titles less alike than this are said to be far from each other. */
const alike = 0.25;

function whyShown({ title, similarity }: NonNullable<Recommendation["because"]>): HTMLElement {
  const near = similarity >= alike;
  return element("p", {
    class: "why",
    inside: [
      element("span", { text: near ? "near " : "far from what you picked; nearest is " }),
      element("cite", { text: title }),
      element("span", { text: ` (likeness ${similarity.toFixed(2)})` }),
    ],
  });
}

/** @example percent(.1234) // "12%" */
export function percent(probability: number): string {
  const value = 100 * probability;
  if (value >= 99.95) return "100%";
  if (value >= 10) return `${value.toFixed(0)}%`;
  if (value >= 0.01) return `${Number(value.toPrecision(2))}%`;
  return value > 0 ? "under 0.01%" : "0%";
}

function shortNumber(value: number): string {
  return Math.abs(value) >= 1000 ? value.toFixed(0) : `${Number(value.toPrecision(3))}`;
}

function slider(
  id: string,
  {
    says,
    onChange,
    value: start,
    ...range
  }: {
    readonly min: number;
    readonly max: number;
    readonly step: number;
    readonly value: number;
    readonly says: (value: number) => string;
    readonly onChange: () => void;
  },
) {
  const output = element("output", { is: { for: id } });
  const input = element("input", { id, is: { type: "range", ...range } });
  const value = (): number => input.valueAsNumber;
  const say = (): void => {
    output.textContent = says(value());
    input.setAttribute("aria-valuetext", says(value()));
  };
  input.value = `${start}`;
  input.addEventListener("input", () => {
    say();
    onChange();
  });
  say();
  return { input, output, value };
}
