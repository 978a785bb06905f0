import { serveCells } from "./experimentWorkers";

/** A worker whose run never ends. */
void serveCells(({ onNotice }) => {
  setImmediate(() => onNotice!("ready"));
  return ({ name }) => {
    onNotice!(`making ${name}`);
    return new Promise(() => setInterval(() => {}, 1000));
  };
});
