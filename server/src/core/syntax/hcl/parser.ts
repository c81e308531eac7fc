import type { Tree } from '../tree';

/** Reads an HCL text; pure, never throws. */
export type HclParser = (text: string) => Tree;

let parser: HclParser | undefined;

/**
 * Hands over the parser of HCL, once it is loaded: it is WebAssembly, and comes only where a Terraform file matters.
 * Until then HCL documents have an empty tree.
 */
export function setHclParser(parse: HclParser | undefined): void {
  parser = parse;
}

/** The parser, where it is here. */
export function hclParser(): HclParser | undefined {
  return parser;
}
