import type { Random } from "../math/random";
import { type Arm, armAt, placeOfDraw, placeOfUser } from "./arms";
import { type EngineReply, EngineUnavailable } from "./engine/engine";
import type { AnsweredSlate, SlateRequest, Where } from "./engine/slateRequest";
import { RefusedRequest } from "./engine/slateRequest";
import { type Answer, type FeedbackBody, mostPopular, type Recommendation } from "./page/protocol";
import type { Feedback, ServedSlate, ServingLog } from "./servingLog";

/** What a reader of the log took of earlier slates. */
export interface TakenItems {
  historyOf(userId: string): readonly string[];
  /** Hears of feedback that is on disk. */
  note?(slate: ServedSlate, feedback: Feedback): void;
}

/** The body of `POST /recommend`. */
export interface RecommendBody {
  readonly user_id?: string;
  readonly items?: readonly string[];
  readonly k: number;
  readonly exclude?: readonly string[];
  readonly only?: readonly string[];
  readonly where?: Where;
  readonly seed?: number;
  readonly policy?: string;
  readonly temperature?: number;
  readonly variety?: number;
  readonly explain?: boolean;
}

export interface SlateServiceOptions {
  readonly arms: readonly Arm[];
  /** Changes which users meet which arm. */
  readonly splitSalt?: string;
  /** A policy whose slates are logged beside those that are shown. */
  readonly shadow?: Pick<Arm, "name" | "engine">;
  readonly log: ServingLog;
  readonly taken?: TakenItems;
  /** Draws the seeds of requests that bring none. */
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly onSlate?: (policy: string) => void;
  readonly onFeedback?: (policy: string, kind: "seen" | "taken") => void;
  readonly onShadow?: (logged: boolean) => void;
}

/** The service without HTTP: draws slates, logs them with their probabilities, and takes feedback. */
export interface SlateService {
  /** @throws RefusedRequest for what is not there, EngineUnavailable when nobody can answer now */
  recommend(body: RecommendBody): Promise<Answer>;
  /** Resolves once the feedback is on disk. @throws RefusedRequest for a slate or an item that was not shown */
  feedback(body: FeedbackBody): Promise<void>;
  /** Slates of the shadow that are not logged yet. */
  waiting(): number;
  /** Resolves when every slate that was shown is in the log. */
  settled(): Promise<void>;
}

/** Slates that wait for the shadow at most: beyond them slates are logged without it. */
const shadowsWaiting = 256;

export function slateService(options: SlateServiceOptions): SlateService {
  const { arms, shadow, log, taken, random: draws, splitSalt = "", now = Date.now } = options;
  const { onSlate, onFeedback, onShadow } = options;
  const pending = new Map<string, Promise<void>>();

  function armOf({ policy, user_id }: RecommendBody, draw: number): Arm {
    const named = policy === undefined ? undefined : arms.find(({ name }) => name === policy);
    if (named !== undefined) return named;
    if (policy !== undefined && policy !== mostPopular) {
      const names = [...arms.map(({ name }) => name), mostPopular];
      throw new RefusedRequest(
        404,
        "policy",
        `there is no policy "${policy}": expected one of ${names.join(", ")}`,
      );
    }
    return armAt(arms, user_id === undefined ? placeOfDraw(draw) : placeOfUser(user_id, splitSalt));
  }

  /** A slate that the log does not take is not shown. */
  function append(slate: ServedSlate): void {
    try {
      log.append(slate);
    } catch (error) {
      throw new EngineUnavailable(unwritten(error as Error), 5);
    }
  }

  /** Asks the shadow the same, after the answer is out, and logs both; without the shadow where it cannot keep up. */
  function appendWithShadow(slate: ServedSlate, request: SlateRequest): void {
    if (shadow === undefined || pending.size >= shadowsWaiting || !shadow.engine.isReady()) {
      if (shadow !== undefined) onShadow?.(false);
      append(slate);
      return;
    }
    const asked = shadow.engine.ask(request).then(
      ({ answer, info }) => ("rows" in answer ? answer.rows.map((row) => info.catalog.ids[row]) : undefined),
      () => undefined,
    );
    const logged = asked.then((items) => {
      pending.delete(slate.slateId);
      onShadow?.(items !== undefined);
      log.append(items === undefined ? slate : { ...slate, shadow: { policy: shadow.name, items } });
    });
    // A log that takes nothing more says so with the next slate that is to be shown.
    pending.set(
      slate.slateId,
      logged.catch(() => undefined),
    );
  }

  return {
    async recommend(body) {
      const { user_id: userId, items, k, exclude, only, where, temperature, variety, explain } = body;
      if (userId === undefined && items === undefined)
        throw new RefusedRequest(400, "user_id", "is missing: expected user_id, or items for somebody new");
      const draw = body.seed ?? draws.integer(2 ** 32);
      const arm = armOf(body, draw);
      const history = userId === undefined ? [] : (taken?.historyOf(userId) ?? []);
      const rules = { exclude, only, where, temperature, variety };
      const request: SlateRequest = {
        ...told({ userId, items, ...rules, explain }),
        ...(history.length > 0 && { taken: [...history] }),
        ...(body.policy === mostPopular && arm.name !== mostPopular && { popular: true }),
        ...{ k, draw },
      };
      const policy = request.popular === true ? mostPopular : arm.name;
      const { answer, info } = await arm.engine.ask(request);
      if ("fault" in answer) throw new Error(answer.fault);
      if ("refused" in answer) {
        const { status, field, detail } = answer.refused;
        throw new RefusedRequest(status, field, detail);
      }
      const slateId = log.newSlateId();
      const recommendations = listOf(answer, info);
      appendWithShadow(
        {
          ...{ slateId, time: now(), policy },
          ...told({ userId, given: items }),
          ...(userId !== undefined && taken !== undefined && { grown: history.length }),
          items: recommendations.map(({ item_id }) => item_id),
          probabilities: answer.probabilities,
          rules: told({ ...rules, seed: body.seed, draw, k }),
        },
        request,
      );
      onSlate?.(policy);
      return { slate_id: slateId, policy, recommendations };
    },
    async feedback({ slate_id: slateId, item_id: itemId, reward, kind = reward > 0 ? "taken" : "seen" }) {
      await pending.get(slateId);
      const slate = await log.slateOf(slateId);
      if (slate === undefined) throw new RefusedRequest(404, "slate_id", "there is no such slate");
      if (!slate.items.includes(itemId))
        throw new RefusedRequest(404, "item_id", "the slate does not hold this item");
      const feedback = { slateId, itemId, reward, kind, time: now() };
      await log.addFeedback(feedback).catch((error: Error) => {
        throw new EngineUnavailable(unwritten(error), 5);
      });
      taken?.note?.(slate, feedback);
      onFeedback?.(slate.policy, kind);
    },
    waiting: () => pending.size,
    async settled() {
      while (pending.size > 0) await Promise.all(pending.values());
    },
  };
}

function listOf(answer: AnsweredSlate, { catalog: { ids, titles } }: EngineReply["info"]): Recommendation[] {
  return answer.rows.map((row, place) => {
    const because = answer.because?.[place];
    return {
      rank: place + 1,
      item_id: ids[row],
      title: titles[row],
      score: answer.scores[place],
      probability: answer.probabilities[place],
      ...(because && {
        because: { item_id: ids[because.row], title: titles[because.row], similarity: because.similarity },
      }),
    };
  });
}

function unwritten({ message }: Error): string {
  return `the log cannot be written: ${message}`;
}

/** What was said of some optional values. */
function told<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
