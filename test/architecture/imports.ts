import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

/** One import, export-from, dynamic import or require of a source file. */
export interface Import {
  /** The importing file, with `/`, from the folder that was read. */
  readonly from: string;
  readonly line: number;
  /** As written. */
  readonly specifier: string;
  /** Where a relative specifier leads, from the folder that was read; undefined for packages. */
  readonly target: string | undefined;
  /** True when nothing of it is left after compilation. */
  readonly typeOnly: boolean;
}

/** Every import of every TypeScript file below a folder. */
export function importsBelow(folder: string): Import[] {
  return sourceFiles(folder).flatMap((path) => importsOf(path, readFileSync(join(folder, path), 'utf8')));
}

/** The TypeScript files below a folder, with `/`, sorted. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

export function importsOf(path: string, text: string): Import[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const relativeTo = specifier.text.startsWith('.') ? posix.join(posix.dirname(path), specifier.text) : undefined;
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ from: path, line, specifier: specifier.text, target: relativeTo, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, true);
    else if (ts.isExternalModuleReference(node)) add(node, node.expression, false);
    else if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || isRequire(node.expression))) {
      add(node, node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isRequire(expression: ts.Expression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'require';
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    !clause.name &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}
