export function sourceOf(): string {
  return "the server's";
}
