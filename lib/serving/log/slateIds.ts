import { createHmac } from "node:crypto";

/** Where the search for a slate's line begins: the line stands there or after it. */
export interface SlatePlace {
  readonly file: number;
  readonly offset: number;
}

/**
 * Ids of slates say where their lines are, so that a log needs no index in memory: `FILE-OFFSET-NUMBER-CHECK`, numbers to
 * base 36. The offset is where the file ended when the id was made. The check is a hash keyed by the log's own key: an id of
 * another log, or a made-up one, is known without looking.
 */
export function slateIds(key: string): {
  make(place: SlatePlace): string;
  placeOf(slateId: string): SlatePlace | undefined;
} {
  let made = 0;
  const checkOf = (body: string): string =>
    createHmac("sha256", key).update(body).digest("base64url").slice(0, 10);
  return {
    make({ file, offset }) {
      const body = [file, offset, made++].map((each) => each.toString(36)).join("-");
      return `${body}-${checkOf(body)}`;
    },
    placeOf(slateId) {
      const found = /^(([0-9a-z]{1,6})-([0-9a-z]{1,9})-[0-9a-z]{1,9})-([\w-]{10})$/.exec(slateId);
      if (found === null || checkOf(found[1]) !== found[4]) return undefined;
      return { file: Number.parseInt(found[2], 36), offset: Number.parseInt(found[3], 36) };
    },
  };
}
