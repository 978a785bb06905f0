import { InputError } from "../data/inputError";
import type { Random } from "../math/random";
import { sizeOf } from "../worlds/environment";
import type { World } from "../worlds/world";

/** What readers ask of a service: an object in this process, or one behind HTTP (`serviceAt`). */
export interface AskedService {
  recommend(body: {
    readonly user_id: string;
    readonly items: readonly string[];
    readonly k: number;
  }): Promise<{
    readonly slate_id: string;
    readonly recommendations: readonly { readonly item_id: string }[];
  }>;
  feedback(body: {
    readonly slate_id: string;
    readonly item_id: string;
    readonly reward: number;
    readonly kind: "seen" | "taken";
  }): Promise<unknown>;
}

export interface ReadersOptions {
  readonly users: number;
  /** Steps after which watching ends; the world's own end by default. */
  readonly steps?: number;
  /** γ of the returns; 1 by default. */
  readonly discount?: number;
  /** What reader ids begin with: readers of one name go on where they were. */
  readonly name?: string;
  readonly random: Random;
  /** Requests under way at once; 32 by default. */
  readonly atOnce?: number;
  readonly onStep?: (step: number, live: number) => void;
}

export interface ReadersResult {
  /** [users] Σ γᵗ rₜ of each */
  readonly returns: Float64Array;
  readonly slates: number;
  readonly feedbacks: number;
}

/**
 * The same world, whose readers are known to have had one item each before, in turn: nobody is new to a service, which gives
 * those of whom nothing is known a list that is the same for all.
 */
export function withStarts(world: World): World {
  const count = world.items.length;
  return {
    ...world,
    startsOf: (environments) => Array.from({ length: environments.size }, (_, i) => [i % count]),
  };
}

/**
 * Lets readers of a world ask a service, answer by the world's rules, and send feedback: one episode each, all side by side.
 * Of single items each is taken, whatever it earns; of slates what earned something. So the service knows of a reader what
 * `runsInWorld` lets a run know, and the value of a run there is what it is worth here, under the same starts.
 *
 * @throws InputError when choices of the world are no items (documents of a topic), the service shows fewer items than the
 *   world asks for, or one that the world has not
 * @example await simulateReaders(withStarts(satiation()), serviceAt("http://127.0.0.1:8000"), { users: 100, random: random(1) })
 */
export async function simulateReaders(
  world: World,
  service: AskedService,
  {
    users,
    steps = Number.POSITIVE_INFINITY,
    discount = 1,
    name = "reader",
    random,
    atOnce = 32,
    onStep,
  }: ReadersOptions,
): Promise<ReadersResult> {
  const environments = world.environments(users);
  const { actionSpace } = environments;
  if (actionSpace.kind === "box" || world.itemsOf !== undefined)
    throw new InputError(`world ${world.name} asks for something else than its items`, {
      expected: "a world whose choices are items, such as satiation or boredom",
    });
  const slots = sizeOf(actionSpace);
  const rowOf = new Map(world.items.map(({ id }, row) => [id, row]));
  environments.reset(random.fork("worlds"));
  const given = (world.startsOf?.(environments) ?? []).map((rows) =>
    Array.from(rows, (row) => world.items[row].id),
  );
  const returns = new Float64Array(users);
  let live = Array.from({ length: users }, (_, i) => i);
  const counts = { slates: 0, feedbacks: 0 };
  for (let step = 0, weight = 1; live.length > 0 && step < steps; step++, weight *= discount) {
    onStep?.(step, live.length);
    const actions = new Int32Array(users * slots);
    // Whoever has left is shown something all the same; nothing comes of it.
    for (let at = 0; at < actions.length; at++) actions[at] = at % slots;
    const slates = new Map<number, string>();
    await each(live, atOnce, async (i) => {
      const asked = { user_id: `${name}-${i}`, items: given[i] ?? [], k: slots };
      const { slate_id, recommendations } = await service.recommend(asked);
      if (recommendations.length !== slots)
        throw new InputError(`the service shows ${recommendations.length} items`, {
          expected: `${slots}, which ${world.name} asks for`,
        });
      for (const [place, { item_id }] of recommendations.entries()) {
        const row = rowOf.get(item_id);
        if (row === undefined)
          throw new InputError(`the service shows item ${JSON.stringify(item_id)}`, {
            expected: `items of world ${world.name}, such as ${JSON.stringify(world.items[0].id)}`,
          });
        actions[i * slots + place] = row;
      }
      slates.set(i, slate_id);
    });
    const result = environments.step(actions);
    const earned = result.info?.earned ?? result.rewards;
    counts.slates += live.length;
    await each(live, atOnce, async (i) => {
      returns[i] += weight * result.rewards[i];
      // In the order of the places, as a history holds them.
      for (let at = i * slots; at < (i + 1) * slots; at++) {
        if (slots > 1 && earned[at] === 0) continue;
        const item_id = world.items[actions[at]].id;
        const slate_id = slates.get(i)!;
        await service.feedback({ slate_id, item_id, reward: earned[at], kind: "taken" });
        counts.feedbacks++;
      }
    });
    live = live.filter((i) => result.terminated[i] + result.truncated[i] === 0);
  }
  return { returns, ...counts };
}

/** Does some work for each, some at once. */
async function each<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < all.length) await work(all[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
}

/**
 * A service behind HTTP. Requests that are refused for now (503, 429) are sent again, after what Retry-After says.
 *
 * @throws InputError when nobody answers there; of other answers what they say
 */
export function serviceAt(url: string): AskedService {
  const post = async (path: string, body: object): Promise<Response> => {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(new URL(path, url), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }).catch((error: Error) => {
        const why = error.cause instanceof Error ? error.cause.message : error.message;
        throw new InputError(`${url} does not answer (${why})`, { expected: "the address of a service" });
      });
      if (answer.ok) return answer;
      const isBusy = answer.status === 503 || answer.status === 429;
      const said = await answer.text();
      if (!isBusy || tries === 20)
        throw new Error(`${path} answered ${answer.status}: ${said.slice(0, 300)}`);
      const seconds = Number(answer.headers.get("retry-after") ?? 1);
      await new Promise((resolve) => setTimeout(resolve, 1000 * Math.min(5, Math.max(0.05, seconds))));
    }
  };
  return {
    recommend: async (body) =>
      (await (await post("/recommend", body)).json()) as Awaited<ReturnType<AskedService["recommend"]>>,
    feedback: async (body) => {
      await (await post("/feedback", body)).arrayBuffer();
    },
  };
}
