import {
  type Answer,
  mostPopular,
  type PageBackend,
  type PolicyAbout,
  Problem,
  type Recommendation,
} from "../protocol";
import { button, element, labelled, later } from "./elements";
import { filters } from "./filters";
import { type ListPanel, type ListSettings, listPanel } from "./listPanel";
import { problemText } from "./problemText";
import { titlePicker } from "./titlePicker";

/** Fills the page's frame once whoever answers it is there. */
export function startPage(opening: Promise<PageBackend>): void {
  const frame = document.getElementById("offshelf")!;
  const start = async (): Promise<void> => {
    const backend = await opening;
    const [policies, columns] = await signedIn(frame, backend);
    frame.replaceChildren(...page(backend, policies, columns));
    frame.setAttribute("aria-busy", "false");
    // Where fingers point, the focus would bring up a keyboard over the page.
    if (matchMedia("(pointer: fine)").matches) document.getElementById("title")?.focus();
  };
  start().catch((problem) => {
    frame.setAttribute("aria-busy", "false");
    frame.replaceChildren(
      element("h1", { text: "Three lists side by side" }),
      element("p", { class: "problem", is: { role: "alert" }, text: problemText(problem) }),
      button("Try again", () => location.reload()),
    );
  });
}

/** Policies and columns; where the service asks for its token, the page asks for it until it is the right one. */
async function signedIn(
  frame: HTMLElement,
  backend: PageBackend,
): Promise<[readonly PolicyAbout[], Columns]> {
  for (let asked = false; ; asked = true)
    try {
      return await Promise.all([backend.policies(), backend.columns()]);
    } catch (problem) {
      if (!(problem instanceof Problem && problem.status === 401 && backend.showToken !== undefined))
        throw problem;
      backend.showToken(await askedToken(frame, asked));
    }
}

/** What somebody enters as the service's token. @param again whether one was refused already */
function askedToken(frame: HTMLElement, again: boolean): Promise<string> {
  return new Promise((entered) => {
    const field = element("input", {
      id: "token",
      is: { type: "password", autocomplete: "current-password", required: true, spellcheck: "false" },
    });
    frame.setAttribute("aria-busy", "false");
    frame.replaceChildren(
      element("h1", { text: "Three lists side by side" }),
      element("form", {
        class: "token",
        on: {
          submit: (event) => {
            event.preventDefault();
            entered(field.value.trim());
          },
        },
        inside: [
          labelled("The token of this service", field),
          element("button", { text: "Go on", is: { type: "submit" } }),
        ],
      }),
      element("p", {
        class: "problem",
        is: { role: "alert" },
        text: again ? "The service does not take this token." : "",
      }),
    );
    field.focus();
  });
}

/** Lists next to each other: two policies, or one at two settings where there is but one; and what is most popular. */
export function startSettings(policies: readonly PolicyAbout[]): ListSettings[] {
  const [first, second] = policies.map(({ name }) => name);
  const plain = { temperature: 1, variety: 0 };
  return [
    { policy: first, ...plain },
    second === undefined ? { policy: first, temperature: 2, variety: 4 } : { policy: second, ...plain },
    { policy: mostPopular, ...plain },
  ];
}

type Columns = Awaited<ReturnType<PageBackend["columns"]>>;

function page(backend: PageBackend, policies: readonly PolicyAbout[], columns: Columns): HTMLElement[] {
  const isServed = backend.place === "server";
  const status = element("p", { class: "status", is: { role: "status", "aria-live": "polite" } });
  const alert = element("p", { class: "problem", is: { role: "alert" } });
  const tell = (text: string): void => {
    status.textContent = text;
  };
  const seen = new Set<string>();
  let [seed, round, retry] = [newSeed(), 0, 0 as ReturnType<typeof setTimeout> | 0];

  const soon = later(200, () => void ask());
  const picker = titlePicker(backend, { onChange: soon, tell, onProblem: fail });
  const reader = element("input", {
    id: "reader",
    is: {
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: 200,
      placeholder: "an id of the log",
    },
    on: { input: later(500, () => void ask()) },
  });
  const wanted = filters(
    columns,
    later(350, () => void ask()),
  );
  const count = element("input", {
    id: "count",
    is: { type: "number", min: 1, max: 100, value: 10, inputmode: "numeric" },
    on: { input: soon },
  });
  const best = element("input", { id: "best", is: { type: "checkbox" }, on: { change: soon } });
  const seedField = element("input", {
    id: "seed",
    is: { type: "number", min: 0, step: 1, value: seed, inputmode: "numeric" },
    on: {
      input: () => {
        if (Number.isSafeInteger(seedField.valueAsNumber)) seed = seedField.valueAsNumber;
        soon();
      },
    },
  });
  const again = button("Draw again", () => {
    seed = newSeed();
    seedField.value = `${seed}`;
    void ask();
  });
  const over = button("Start over", () => {
    picker.clear();
    wanted.clear();
    seen.clear();
    reader.value = "";
    void ask();
    document.getElementById("title")?.focus();
  });

  const panels: ListPanel[] = startSettings(policies).map((start, i) =>
    listPanel(i + 1, {
      ...{ policies, start, fixed: i === 2, onChange: soon },
      onTaken: (item, answer) => void done(item, answer, "taken"),
      onSeen: (item, answer) => void done(item, answer, "seen"),
    }),
  );

  /** Says what was done to whoever keeps it, and goes on from there. */
  async function done(
    { item_id, title }: Recommendation,
    { slate_id }: Answer,
    kind: "taken" | "seen",
  ): Promise<void> {
    try {
      await backend.feedback?.({ slate_id, item_id, reward: kind === "taken" ? 1 : 0, kind });
    } catch (problem) {
      return fail(problem);
    }
    const isKnown = reader.value.trim() !== ""; // the service adds it to the history of a reader that it knows
    if (kind === "taken" && !isKnown) picker.add({ item_id, title });
    else seen.add(item_id);
    await ask();
    if (alert.textContent === "")
      tell(kind === "taken" ? `${title} joins the history.` : `${title} is not shown again.`);
  }

  function fail(problem: unknown): void {
    alert.textContent = problemText(problem);
    const after = problem instanceof Problem ? problem.retryAfter : undefined;
    clearTimeout(retry);
    if (after !== undefined) retry = setTimeout(() => void ask(), 1000 * Math.min(30, after));
  }

  async function ask(): Promise<void> {
    const mine = ++round;
    clearTimeout(retry);
    const userId = reader.value.trim();
    const where = wanted.where();
    const items = picker.picked().map(({ item_id }) => item_id);
    const k = Math.min(100, Math.max(1, Math.round(count.valueAsNumber) || 10));
    const body = {
      ...{ k, seed, explain: true, exclude: [...seen] },
      ...(where && { where }),
      ...(userId === "" ? { items } : { user_id: userId }),
    };
    for (const panel of panels) panel.wait();
    let shown = 0;
    for (const panel of panels) {
      try {
        const answer = await backend.recommend({ ...body, ...panel.settings() }, { best: best.checked });
        if (mine !== round) return;
        panel.show(answer);
        shown++;
      } catch (problem) {
        if (mine !== round) return;
        for (const each of panels) each.empty("");
        return fail(problem);
      }
    }
    alert.textContent = "";
    const aside = items.length > 0 ? "; the titles you picked are left aside" : "";
    const whose =
      userId !== ""
        ? `reader ${userId}${aside}`
        : items.length === 0
          ? "somebody new"
          : `${items.length} picked`;
    tell(`${shown} lists for ${whose}.`);
  }

  void ask();
  const { dataset } = policies[0];
  return [
    element("header", {
      inside: [
        element("h1", { text: "Three lists side by side" }),
        element("p", {
          text: `${dataset}. ${isServed ? "What you do here is kept in the service’s log." : "This page recommends by itself: nothing you pick leaves it."}`,
        }),
      ],
    }),
    element("section", {
      ...{ class: "asks", is: { "aria-label": "Whom the lists are for" } },
      inside: [
        picker.element,
        isServed ? labelled("or a reader", reader) : undefined,
        labelled("How many", count),
        labelled("Seed of the draw", seedField),
        isServed
          ? undefined
          : element("label", {
              class: "box",
              inside: [best, element("span", { text: "Best first, no draw" })],
            }),
        element("div", { class: "buttons", inside: [again, over] }),
        wanted.element,
      ],
    }),
    alert,
    status,
    element("nav", {
      is: { "aria-label": "Lists" },
      inside: panels.map((_, i) =>
        element("a", { text: i === 2 ? "Popular" : `List ${i + 1}`, is: { href: `#list-${i + 1}` } }),
      ),
    }),
    element("div", { class: "lists", inside: panels.map((panel) => panel.element) }),
    element("footer", {
      inside: [
        element("p", {
          text: "Probability: how likely the policy was to put this title in this place, given those above it; 100% where a list is fixed. With “best first”: were one title drawn. Likeness: the cosine between two titles as the model knows them.",
        }),
      ],
    }),
  ];
}

function newSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;
}
