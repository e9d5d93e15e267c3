import lit from "eslint-plugin-lit";
import wc from "eslint-plugin-wc";
import tseslint from "typescript-eslint";

/** Forbid a folder to import others: the card joins what must not know each other. */
const apart = (folder, ...others) => ({
  files: [`src/${folder}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: others.map((group) => ({
          group: [group],
          message: `${folder}/ stands without it, see docs/architecture.md`,
        })),
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ["dist/", "figures/", "node_modules/"] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  lit.configs["flat/recommended"],
  wc.configs["flat/recommended"],
  {
    rules: {
      // `noUncheckedIndexedAccess` makes every index doubtful; where the place is known, `!` says so.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Contracts count code points, and that is exactly what spreading a string gives.
      "@typescript-eslint/no-misused-spread": "off",
      // Lit binds the listeners of a template to its element.
      "@typescript-eslint/unbound-method": "off",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  { files: ["**/*.{js,mjs}"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["*.mjs", "bin/**", "test/browser/**", "test/house/**"],
    rules: { "no-console": "off" },
  },
  apart("director", "three", "three/*", "@pixiv/*", "lit", "lit/*", "../*/*"),
  apart("avatar", "lit", "lit/*", "../ha/*", "../ui/*", "../card/*", "../companion/*"),
  apart("ha", "three", "three/*", "@pixiv/*", "../avatar/*", "../ui/*", "../card/*"),
  apart("audio", "three", "three/*", "@pixiv/*", "lit", "lit/*", "../*/*"),
);
