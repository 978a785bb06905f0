import {
  type Answer,
  type Column,
  type FoundItem,
  type PageBackend,
  type PolicyAbout,
  Problem,
} from "../protocol";

/** Where a tab keeps the token of a service that asks for one: it ends with the tab. */
const kept = "offshelf token";

/** Asks the service that the page came from. */
export function httpBackend(): PageBackend {
  return {
    showToken: (token) => sessionStorage.setItem(kept, token),
    place: "server",
    policies: async () => (await get<{ policies: PolicyAbout[] }>("policies")).policies,
    columns: async () => (await get<{ columns: Column[] }>("columns")).columns,
    items: async (query, k) =>
      (await get<{ items: FoundItem[] }>(`items?query=${encodeURIComponent(query)}&k=${k}`)).items,
    recommend: (ask) => post<Answer>("recommend", ask),
    feedback: async (body) => void (await post("feedback", body)),
  };
}

function get<T>(path: string): Promise<T> {
  return answer<T>(path, {});
}

function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  return answer<T>(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** @throws Problem for every answer but a good one, and where there is none. */
async function answer<T>(path: string, options: RequestInit): Promise<T> {
  let response: Response;
  const token = sessionStorage.getItem(kept);
  const headers = { ...options.headers, ...(token !== null && { authorization: `Bearer ${token}` }) };
  try {
    response = await fetch(path, { ...options, headers });
  } catch {
    throw new Problem(0, "the service does not answer");
  }
  const text = await response.text();
  const told = parsed(text) as { detail?: string; title?: string; field?: string } | undefined;
  if (response.ok && told !== undefined) return told as T;
  const after = Number(response.headers.get("retry-after"));
  throw new Problem(response.status, told?.detail ?? told?.title ?? `status ${response.status}`, {
    ...(told?.field !== undefined && { field: told.field }),
    ...(after > 0 && { retryAfter: after }),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
