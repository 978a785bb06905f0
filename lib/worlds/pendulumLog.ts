import type { Random } from "../math/random";
import type { Transitions } from "../replay/transitions";
import { collectLog, joinLogs } from "./collectLog";
import { unitBox } from "./environment";
import { pendulumConstants, pendulums } from "./pendulum";
import type { Acting } from "./rollout";

/**
 * A controller that needs no training. Far from upright it pumps energy (Åström and Furuta 2000): the rod's
 * E = θ̇²/2 + f·cos θ, f = 3g/(2l), changes by (3/(ml²))·u·θ̇, so a torque along θ̇ adds what is missing to f, the
 * energy of standing still upright. Close to upright a spring and a brake hold it: u = −(k θ + d θ̇).
 * Actions in [−1, 1], the share of the largest torque.
 */
export function swingUp(): Acting {
  const { gravity, length, maximumTorque } = pendulumConstants;
  const upright = (3 * gravity) / (2 * length);
  const [spring, brake] = [10, 2.5];
  return {
    act(observations) {
      const actions = new Float32Array(observations.length / 3);
      for (let i = 0; i < actions.length; i++) {
        const [cosine, sine, speed] = [0, 1, 2].map((part) => observations[3 * i + part]) as [
          number,
          number,
          number,
        ];
        const missing = upright - (speed ** 2 / 2 + upright * cosine);
        const hold = -(spring * Math.atan2(sine, cosine) + brake * speed);
        const pump = missing * (speed < 0 ? -1 : 1);
        const close = cosine > Math.cos(0.6) && Math.abs(missing) < 4;
        actions[i] = Math.max(-1, Math.min(1, (close ? hold : pump) / maximumTorque));
      }
      return actions;
    },
  };
}

/** Any action in [−1, 1], all equally likely, whatever is seen. */
export function randomTorque(random: Random): Acting {
  return {
    act: (observations) =>
      Float32Array.from({ length: observations.length / 3 }, () => 2 * random.next() - 1),
  };
}

/** Another policy that at each step, with this probability, does anything at all instead. */
export function careless(policy: Acting, probability: number, random: Random): Acting {
  const anything = randomTorque(random);
  return {
    act(observations) {
      const meant = policy.act(observations);
      const other = anything.act(observations);
      return meant.map((action, i) => (random.next() < probability ? other[i] : action));
    },
  };
}

/** A policy of the log: its name, how to make it, and how many of each 100 episodes are its. */
export interface PendulumBehaviour {
  readonly name: string;
  readonly share: number;
  readonly policy: (random: Random) => Acting;
}

/** A tenth good, four tenths middling, half useless. */
export const pendulumBehaviours: readonly PendulumBehaviour[] = [
  { name: "swing-up", share: 10, policy: swingUp },
  {
    name: "swing-up, every other action random",
    share: 40,
    policy: (draw) => careless(swingUp(), 0.5, draw),
  },
  { name: "random", share: 50, policy: randomTorque },
];

/**
 * The log of mixed quality on which agents are compared: 100 episodes of 200 steps, 20,000 transitions, none
 * terminal. States are the observations as they are, actions lie in [−1, 1], and rewards are divided by 10, so
 * that a critic's numbers stay near 1 to 50.
 *
 * @example pendulumLog(random(1)).size // 20000
 */
export function pendulumLog(random: Random): Transitions {
  const log = joinLogs(
    pendulumBehaviours.map(({ name, share, policy }) => {
      const draw = random.fork(name);
      return collectLog(policy(draw.fork("policy")), unitBox(pendulums(share)), draw.fork("starts"));
    }),
  );
  return { ...log, rewards: log.rewards.map((reward) => reward / 10) };
}
