import {
  type Agent,
  type AgentProblem,
  actionsFor,
  actorNetwork,
  adam,
  agentOf,
  descend,
  type Scalar,
} from "../index";

/** Imitates what was rewarded: the squared distance to the logged item's vector, times the reward above 0. */
export function imitateRewarded(problem: AgentProblem, { learningRate = 1e-3 } = {}): Agent {
  const actor = actorNetwork({ ...problem, hidden: [64] }); // starts as the supervised model's query head
  const optimizer = adam(actor.variables, { learningRate });
  return agentOf({
    name: "imitate-rewarded",
    config: { learningRate },
    networks: { actor },
    optimizers: [optimizer],
    random: problem.random,
    act: (states) => actionsFor(actor, states, problem.stateSize), // [n × S] → [n × A]
    // Pure: it reads nothing and gives tensors, so that it is compiled into one native call.
    step(batch) {
      const loss = () => {
        const distance = actor.apply(batch.states).sub(batch.actions).square().sum(1, true); // [B, 1]
        return { loss: distance.mul(batch.rewards.maximum(0)).mean() as Scalar };
      };
      return { figures: descend(loss, actor.variables, optimizer) };
    },
  });
}
