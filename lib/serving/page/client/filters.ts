import type { Ask, Column, Filter } from "../protocol";
import { element, labelled } from "./elements";

/** What is wanted of the columns of the items file. */
export interface Filters {
  /** Absent where no column can be filtered by. */
  readonly element?: HTMLElement;
  /** Absent where nothing is wanted. */
  where(): Ask["where"];
  clear(): void;
}

/** Fields for columns: a smallest and a largest number, or boxes for the commonest texts. */
export function filters(columns: readonly Column[], onChange: () => void): Filters {
  const wanted = new Map<string, Filter>();
  const heading = element("summary", { text: "Filters" });
  const put = (name: string, filter: Filter | undefined): void => {
    if (filter === undefined) wanted.delete(name);
    else wanted.set(name, filter);
    heading.textContent = wanted.size === 0 ? "Filters" : `Filters (${wanted.size} in use)`;
    onChange();
  };
  const parts = columns.flatMap((column, i) =>
    column.kind === "number" ? [numberFilter(column, i, put)] : textFilter(column, put),
  );
  const form = element("form", {
    on: { submit: (event) => event.preventDefault() },
    inside: parts,
  });
  const where = (): Ask["where"] => (wanted.size === 0 ? undefined : Object.fromEntries(wanted));
  const clear = (): void => {
    form.reset();
    wanted.clear();
    heading.textContent = "Filters";
  };
  if (parts.length === 0) return { where, clear };
  return { element: element("details", { class: "filters", inside: [heading, form] }), where, clear };
}

type Put = (name: string, filter: Filter | undefined) => void;

function numberFilter({ name, min, max }: Column, i: number, put: Put): HTMLElement {
  const inputs = (["least", "most"] as const).map((end) =>
    element("input", {
      id: `filter-${i}-${end}`,
      is: {
        ...{ type: "number", step: "any", "aria-label": `${name}, at ${end}` },
        placeholder: shortly(end === "least" ? min : max),
      },
      on: { input: changed },
    }),
  );
  function changed(): void {
    const [least, most] = inputs.map(({ valueAsNumber }) => valueAsNumber);
    const range = {
      ...(!Number.isNaN(least) && { min: least }),
      ...(!Number.isNaN(most) && { max: most }),
    };
    put(name, Object.keys(range).length === 0 ? undefined : range);
  }
  return element("fieldset", {
    class: "range",
    inside: [
      element("legend", { text: name }),
      labelled("at least", inputs[0]),
      labelled("at most", inputs[1]),
    ],
  });
}

function textFilter({ name, values = [] }: Column, put: Put): HTMLElement[] {
  if (values.length === 0) return [];
  const boxes = values.map((value) =>
    element("input", {
      is: { type: "checkbox", value },
      on: {
        change: () => {
          const chosen = boxes.filter(({ checked }) => checked).map((box) => box.value);
          put(name, chosen.length === 0 ? undefined : chosen);
        },
      },
    }),
  );
  return [
    element("fieldset", {
      class: "choices",
      inside: [
        element("legend", { text: name }),
        element("div", {
          inside: boxes.map((box, i) =>
            element("label", { inside: [box, element("span", { text: values[i] })] }),
          ),
        }),
      ],
    }),
  ];
}

function shortly(value: number | undefined): string {
  return value === undefined ? "" : `${Number(value.toPrecision(4))}`;
}
