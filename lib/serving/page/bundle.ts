import { builtinModules } from "node:module";
import { join, resolve } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";

/** lib: this file lies in lib/serving/page. */
export const lib = resolve(__dirname, "..", "..");

/**
 * One script of a source file and all it imports, for the reader's browser: the only door to esbuild.
 *
 * @param entry the source, from lib
 * @param options.instead files of lib that other files stand for in the browser, both from lib
 * @throws when a file is missing or does not compile.
 * @example await bundle("serving/page/servedPage.ts")
 */
export async function bundle(
  entry: string,
  { instead = {} }: { readonly instead?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { build, stop } = esbuild();
  const plugins = [replaced(instead), refusedBuiltins];
  try {
    const { outputFiles } = await build({ ...optionsOf(entry), plugins, write: false });
    return outputFiles[0].text;
  } finally {
    await stop(); // its process would stay as long as ours
  }
}

/** The same at once, of sources that need nothing put in place of anything. */
export function plainBundle(entry: string): string {
  const { buildSync, stop } = esbuild();
  const { outputFiles } = buildSync({ ...optionsOf(entry), write: false });
  void stop(); // its process would stay as long as ours
  return outputFiles[0].text;
}

function esbuild(): typeof import("esbuild") {
  return require("esbuild") as typeof import("esbuild");
}

function optionsOf(entry: string): BuildOptions {
  return {
    entryPoints: [join(lib, entry)],
    ...{ bundle: true, minify: true, format: "iife", platform: "browser", target: "es2022" },
    ...{ charset: "utf8", legalComments: "none", logLevel: "silent" },
    define: { "process.env": "{}" },
  };
}

/** Puts some files of lib in the place of others. */
function replaced(instead: Readonly<Record<string, string>>): Plugin {
  const inPlace = new Map(
    Object.entries(instead).map(([file, other]) => [join(lib, file), join(lib, other)]),
  );
  return {
    name: "replaced",
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path, resolveDir, importer }) => {
        const other = inPlace.get(`${resolve(resolveDir, path)}.ts`);
        return other === undefined || other === importer ? undefined : { path: other };
      });
    },
  };
}

/** What a page does need of them, in a line of JavaScript: names of files are put together, though nobody reads any. */
const keptAlive: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "node:path": { join: '(...parts) => parts.join("/")' },
};

/**
 * Node's own modules, which a browser has not: what comes from them may be imported by files that do more than a page
 * needs of them, and throws where it is used.
 */
const refusedBuiltins: Plugin = {
  name: "refused builtins",
  setup(build) {
    const filter = new RegExp(`^(node:.*|${builtinModules.join("|")})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: "refused" }));
    build.onLoad({ filter: /.*/, namespace: "refused" }, ({ path }) => {
      const names = Object.keys(require(path) as object).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
      const kept = keptAlive[path] ?? {};
      const exported = names.map((name) => `${name}_ as ${name}`).join(", ");
      return {
        contents: `
          const refused = (name) => function () { throw new Error(name + " of ${path} is not there in a browser"); };
          ${names.map((name) => `const ${name}_ = ${kept[name] ?? `/* @__PURE__ */ refused("${name}")`};`).join("\n")}
          export { ${exported} };
          export default {};`,
      };
    });
  },
};
