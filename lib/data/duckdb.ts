import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type TemporaryFolder, temporaryFolder } from "./temporaryFolder";

/** One column of a query's result: numbers as typed arrays, anything textual as strings (null where missing). */
export type Column = Int32Array | Float32Array | Float64Array | (string | null)[];

/** An in-memory DuckDB database. Statements run one after another. */
export interface Database {
  run(sql: string): Promise<void>;
  /**
   * The result's columns, whole, in the result's order. Numeric columns must be INTEGER, FLOAT or DOUBLE without nulls: cast and
   * coalesce in the query.
   */
  columns(sql: string): Promise<Column[]>;
  /** The rows of a small result, for counts and messages. */
  rows(sql: string): Promise<(string | number | null)[][]>;
  /** A folder for copies of files that this database reads; it goes when the database is closed. */
  folder(): Promise<string>;
  close(): void;
}

export interface DatabaseOptions {
  readonly threads?: number;
  /** The most memory it may take, e.g. "2GB". */
  readonly memory?: string;
  /** A folder for what does not fit in. */
  readonly overflow?: string;
}

/**
 * Opens an empty database in memory. This is the only file that names DuckDB; it is loaded on the first call.
 *
 * @example
 * const database = await openDatabase();
 * await database.columns("SELECT 1::INTEGER AS one"); // [Int32Array [1]]
 * database.close();
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const duckdb = require("@duckdb/node-api") as typeof import("@duckdb/node-api");
  const { threads, memory, overflow } = options;
  const settings: Record<string, string> = {
    ...(threads !== undefined && { threads: `${threads}` }),
    ...(memory !== undefined && { memory_limit: memory }),
    ...(overflow !== undefined && { temp_directory: overflow }),
  };
  const instance = await duckdb.DuckDBInstance.create(":memory:", settings);
  const connection = await instance.connect();
  // Times without a zone are UTC, whatever the machine's zone is.
  await connection.run("SET TimeZone = 'UTC'");
  return databaseOf(instance, connection);
}

function databaseOf(instance: DuckDBInstance, connection: DuckDBConnection): Database {
  let copies: Promise<TemporaryFolder> | undefined;
  return {
    async run(sql) {
      await connection.run(sql);
    },
    async columns(sql) {
      const result = await connection.run(sql);
      const parts: Column[][] = [];
      for (let c = 0; c < result.columnCount; c++) parts.push([]);
      let size = 0;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        size += chunk.rowCount;
        for (let c = 0; c < parts.length; c++) {
          const vector = chunk.getColumnVector(c);
          // The vector's own array, where it has one of a kind: value by value is ten times slower.
          const items: unknown = (vector as unknown as { items?: unknown }).items;
          parts[c].push(isNumeric(items) ? items : vector.toArray().map(textOf));
        }
      }
      return parts.map((part) => joined(part, size));
    },
    async rows(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader
        .getRows()
        .map((row) => row.map((value) => (typeof value === "number" ? value : textOf(value))));
    },
    async folder() {
      copies ??= temporaryFolder();
      return (await copies).path;
    },
    close() {
      connection.closeSync();
      instance.closeSync();
      void copies?.then((folder) => folder.remove());
    },
  };
}

function isNumeric(items: unknown): items is Int32Array | Float32Array | Float64Array {
  return items instanceof Int32Array || items instanceof Float32Array || items instanceof Float64Array;
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function joined(parts: readonly Column[], size: number): Column {
  const first = parts[0];
  if (first === undefined) return [];
  if (Array.isArray(first)) return (parts as (string | null)[][]).flat();
  const whole = new (first.constructor as new (size: number) => Int32Array | Float32Array | Float64Array)(
    size,
  );
  let at = 0;
  for (const part of parts as Int32Array[]) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A text as an SQL literal. @example sqlText("it's") // "'it''s'" */
export function sqlText(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}
