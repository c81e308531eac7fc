import { asciidocRegions } from './asciidoc';
import { languageNamed, languageOfText, mayMatter } from './content';
import type { DocumentationKind } from '../../syntax/sourceFile';
import { markdownRegions } from './markdown';
import { mostPieces, type Piece, type Target } from './piece';
import type { Region } from './region';
import type { RoleCommand } from './roleCommands';
import { rstRegions } from './rst';
import { readShell } from './shell';
import { warns } from './wrongOnPurpose';

/**
 * The documents that stand in a file of documentation or a script, in order; none overlaps another. Those in fences that
 * name their language are there whatever they hold, so that they can be completed; others only where their words may be
 * for us. Linear in the text's length.
 */
export function piecesOf(text: string, kind: DocumentationKind): Piece[] {
  const pieces: Piece[] = [];
  const commands: RoleCommand[] = [];
  for (const region of regionsOf(text, kind)) {
    const body = text.slice(region.start, region.end);
    const named = kind === 'shell' || isHeredoc(body) ? 'shell' : languageNamed(region.name);
    if (named === undefined || body === '') continue;
    const syntax = named === 'shell' || named === 'any' ? (kind === 'shell' || !mayMatter(body) ? undefined : languageOfText(body)) : named;
    if (syntax !== undefined) pieces.push(...ofRegion(text, region, syntax));
    else {
      const found = readShell(text, region);
      pieces.push(...found.pieces);
      commands.push(...found.commands);
    }
  }
  return pieces.length > mostPieces || commands.length > mostPieces ? pieces : withRoles(pieces, commands);
}

/** Whether a fence of whatever name begins with a command that takes a heredoc. */
function isHeredoc(body: string): boolean {
  return /^\s*(?:\$ )?(?:cat|kubectl|tee|sudo|eksctl|aws)\b[^\n]*<<-?[ \t]*['"\\]?[A-Za-z_]/.test(body);
}

function* regionsOf(text: string, kind: DocumentationKind): Generator<Region> {
  if (kind === 'markdown') yield* markdownRegions(text);
  else if (kind === 'asciidoc') yield* asciidocRegions(text);
  else if (kind === 'rst') yield* rstRegions(text);
  else yield { start: 0, end: text.length, name: 'shell', indent: 0, context: '', closed: true };
}

/** A fence's own content; YAML is cut at its markers, which may stand in as the fence does. */
function ofRegion(text: string, region: Region, syntax: Piece['syntax']): Piece[] {
  const embedded = !region.closed || warns(region.context) ? { quiet: true as const } : {};
  const target = fileNamed(region.context);
  const piece = (start: number, end: number): Piece => ({ start, end, syntax, embedded, ...(target ? { target } : {}) });
  if (syntax !== 'yaml') return [piece(region.start, region.end)];
  const body = text.slice(region.start, region.end);
  const margin = /^[ \t]*(?=\S)/m.exec(body)?.[0].length ?? 0;
  const marker = /^([ \t]*)(?:---|\.\.\.)(?:[ \t][^\n]*)?\r?(?:\n|$)/gm;
  const pieces: Piece[] = [];
  let start = 0;
  for (let match = marker.exec(body); match && match[0] !== ''; match = marker.exec(body)) {
    if (match[1]!.length > margin) continue;
    if (match.index > start) pieces.push(piece(region.start + start, region.start + match.index));
    start = match.index + match[0].length;
  }
  if (start < body.length) pieces.push(piece(region.start + start, region.end));
  return pieces;
}

/** The file that the paragraph above a fence names last: "Save this as `trust.json`". */
function fileNamed(context: string): Target | undefined {
  const names = context.match(/[\w./-]+\.json\b/g);
  return names ? { kind: 'file', name: names[names.length - 1]! } : undefined;
}

/** The pieces with the roles that commands give them to: of several of one name, the last before the command. */
function withRoles(pieces: readonly Piece[], commands: readonly RoleCommand[]): Piece[] {
  const roles = new Map<Piece, string>();
  for (const { start, roleName, policy } of commands) {
    const found =
      policy.kind === 'word'
        ? pieces.find((piece) => piece.start > policy.start && piece.start <= policy.start + 3)
        : pieces
            .filter(
              (piece) => piece.start < start && piece.target?.kind === policy.kind && fileName(piece.target.name) === fileName(policy.name),
            )
            .pop();
    if (found && !roles.has(found)) roles.set(found, roleName);
  }
  return pieces.map((piece) => (roles.has(piece) ? { ...piece, embedded: { ...piece.embedded, roleName: roles.get(piece)! } } : piece));
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
