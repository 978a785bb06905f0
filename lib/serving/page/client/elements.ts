/** What an element can be given when it is made. Text is always text: nothing that is shown is read as HTML. */
export interface Given {
  readonly text?: string;
  readonly class?: string;
  readonly id?: string;
  /** Attributes; false or undefined leaves one out, true writes it without a value. */
  readonly is?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  readonly inside?: readonly (Node | undefined)[];
}

/** Makes an element. @example element("button", { text: "Again", is: { type: "button" }, on: { click: again } }) */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  { text, class: className, id, is = {}, on = {}, inside = [] }: Given = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (className !== undefined) made.className = className;
  if (id !== undefined) made.id = id;
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(is))
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : `${value}`);
  for (const [event, hear] of Object.entries(on)) made.addEventListener(event, hear);
  for (const each of inside) if (each !== undefined) made.append(each);
  return made;
}

/** A button. */
export function button(text: string, click: () => void, given: Given = {}): HTMLButtonElement {
  return element("button", { ...given, text, is: { type: "button", ...given.is }, on: { click } });
}

/** A control with its label before it. */
export function labelled(label: string, control: HTMLElement, given: Given = {}): HTMLElement {
  const name = element("label", { text: label, is: { for: control.id } });
  return element("div", { class: "field", ...given, inside: [name, control, ...(given.inside ?? [])] });
}

/** Runs the last of many calls, some time after it. */
export function later(milliseconds: number, run: () => void): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(run, milliseconds);
  };
}
