import type { About, Figure } from "./figure";
import { lines } from "./marks/lines";
import { arrow, note } from "./marks/rules";
import { type Panel, plot } from "./plot";
import { series } from "./theme";

/** An item in the plane: its direction, and its bias in units of T. */
export interface CircleItem {
  readonly name: string;
  /** degrees, counted from the right, anticlockwise */
  readonly angle: number;
  /** b, in logits */
  readonly bias: number;
}

/**
 * Items of length 1 on a circle, twice: which of them a query in each direction would find, with equal biases
 * and with their own. The ring is coloured by the winner of q·v/T + b; an item far from a query may win by its
 * bias, and some items may win nowhere.
 *
 * @param input.query degrees; drawn as an arrow
 * @throws when there is no item or the temperature is not positive.
 */
export function itemCircle(
  input: {
    readonly items: readonly CircleItem[];
    readonly query: number;
    readonly temperature: number;
  } & About,
): Figure {
  const { items, query, temperature, ...about } = input;
  if (items.length === 0) throw new Error("itemCircle requires at least one item, got none");
  if (!(temperature > 0)) throw new Error(`itemCircle requires a positive temperature, got ${temperature}`);
  const panelOf = (heading: string, biased: boolean): Panel => {
    const winners = Array.from({ length: 360 }, (_, degrees) =>
      winnerAt(items, degrees, temperature, biased),
    );
    return {
      heading,
      marks: [
        ...items.flatMap((item, i) => {
          const colour = series[i % series.length];
          const won = Array.from(winners.keys()).filter((degrees) => winners[degrees] === i);
          // Each degree won is a short arc of its own, so that the ring has gaps where another item wins.
          const arcs = won.flatMap((degrees) => [
            at(degrees, 1.06),
            at(degrees + 1, 1.06),
            { x: Number.NaN, y: Number.NaN },
          ]);
          const end = at(item.angle, 0.9);
          const words = biased ? `${item.name}<br>b = ${item.bias}` : item.name;
          return [
            lines(
              { x: arcs.map(({ x }) => x), y: arcs.map(({ y }) => y), colour },
              { width: 11, dots: false },
            ),
            lines({ x: [0, end.x], y: [0, end.y], colour }, { dots: false }),
            note(words, { ...at(item.angle, 1.16), colour, size: 13, anchor: anchorsOf(item.angle) }),
          ];
        }),
        arrow([0, 0], Object.values(at(query, 0.78)) as [number, number]),
      ],
    };
  };
  const direction = ((query % 360) + 360) % 360;
  const [alone, biased] = [false, true].map(
    (own) => items[winnerAt(items, direction, temperature, own)].name,
  );
  const axis = { range: [-1.6, 1.6], bare: true } as const;
  return plot({
    panels: [panelOf("nearest by direction alone", false), panelOf("with the bias coordinate", true)],
    ...{ x: axis, y: axis, aspect: 1, gap: 0.04, legend: "none" },
    title:
      alone === biased
        ? `With or without biases, the black query finds ${alone}`
        : `The nearest is ${alone}, but the most probable is ${biased}`,
    caption: `The black query finds ${alone} by direction alone, and ${biased} with the bias coordinate.`,
    ...about,
  });
}

const at = (degrees: number, radius: number): { x: number; y: number } => ({
  x: radius * Math.cos((degrees * Math.PI) / 180),
  y: radius * Math.sin((degrees * Math.PI) / 180),
});

/** Names stand outside the ring: they begin, end or are centred where the ring is nearest. */
function anchorsOf(degrees: number) {
  const { x, y } = at(degrees, 1);
  return {
    x: x > 0.35 ? "left" : x < -0.35 ? "right" : "center",
    y: y > 0.35 ? "bottom" : y < -0.35 ? "top" : "middle",
  } as const;
}

/** The item with the largest logit for a query in this direction; the first of equals. */
export function winnerAt(
  items: readonly CircleItem[],
  degrees: number,
  temperature: number,
  biased: boolean,
): number {
  let [best, bestLogit] = [-1, Number.NEGATIVE_INFINITY];
  items.forEach((item, i) => {
    const cosine = Math.cos(((degrees - item.angle) * Math.PI) / 180);
    const logit = cosine / temperature + (biased ? item.bias : 0);
    if (logit > bestLogit) [best, bestLogit] = [i, logit];
  });
  return best;
}
