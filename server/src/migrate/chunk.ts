/* What dist/migrate.js gives the programs: see load.ts. */
export * from '../core/migrate/chunk';
export { toPlan, toStep } from '../lsp/migrate/page';
