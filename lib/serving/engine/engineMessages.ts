import type { Catalog } from "../../data/catalog";
import type { SlateAnswer, SlateRequest } from "./slateRequest";

/** What a service knows of a run without opening it: whatever the engine's process has told. */
export interface EngineInfo {
  /** The agent's name in the settings. */
  readonly agent: string;
  /** The data the run has learned from, as its figures name it. */
  readonly dataset: string;
  readonly users: number;
  readonly catalog: Omit<Catalog, "rowOf">;
}

/** Said to the engine's process. */
export interface EngineBatch {
  readonly batch: number;
  readonly requests: readonly SlateRequest[];
}

/** An answer, or the error of a fault of ours. */
export type EngineAnswer = SlateAnswer | { readonly fault: string };

/** Said by the engine's process. */
export type EngineMessage =
  | { readonly ready: EngineInfo }
  /** It cannot start; `input` where what it was given is at fault. */
  | { readonly failed: string; readonly input: boolean }
  | { readonly batch: number; readonly answers: readonly EngineAnswer[] };
