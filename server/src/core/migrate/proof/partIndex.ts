import type { TrustPolicyFact } from '../../model/facts';
import type { Part } from '../steps/part';

/** The parts of a step by the policies and files that they are about: of a thousand, few have to do with one policy. */
export class PartIndex {
  private readonly byPolicy = new Map<string, Set<Part>>();
  private readonly byUri = new Map<string, Set<Part>>();
  private readonly terraformByFolder = new Map<string, Set<Part>>();
  private readonly terraform = new Set<Part>();

  constructor(parts: readonly Part[]) {
    for (const part of parts) {
      for (const { move } of part.candidates)
        for (const fact of move.policy.facts) add(this.byPolicy, move.policy.kind === 'aws' ? fact.doc.uri : placeOf(fact), part);
      for (const uri of [...part.edits.map(({ doc }) => doc.uri), ...part.creates.map((file) => file.uri)]) {
        add(this.byUri, uri, part);
        if (!isTerraform(uri)) continue;
        this.terraform.add(part);
        add(this.terraformByFolder, folderOf(uri), part);
      }
    }
  }

  /** The parts with a move whose policy is at the place of this one, or is what AWS has of its role. */
  about(fact: TrustPolicyFact): Part[] {
    return [...new Set([...(this.byPolicy.get(placeOf(fact)) ?? []), ...(this.byPolicy.get(fact.doc.uri) ?? [])])];
  }

  /** The parts that write in a file. */
  writersOf(uri: string): Part[] {
    return [...(this.byUri.get(uri) ?? [])];
  }

  /** The parts that may have changed what is read of a file: those that write in it, else in its folder, else in any file of Terraform. */
  suspectsOf(uri: string): Part[] {
    const writers = this.writersOf(uri);
    if (writers.length > 0 || !isTerraform(uri)) return writers;
    return [...(this.terraformByFolder.get(folderOf(uri)) ?? this.terraform)];
  }
}

function placeOf({ doc, span }: TrustPolicyFact): string {
  return `${doc.uri} ${doc.index} ${span.start}`;
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/') + 1);
}

function isTerraform(uri: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(uri);
}

function add(map: Map<string, Set<Part>>, key: string, part: Part): void {
  const own = map.get(key);
  if (own) own.add(part);
  else map.set(key, new Set([part]));
}
