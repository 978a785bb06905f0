export function sourceOf(): string {
  return "the browser's";
}
