import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../kube/index.ts';

/** Every object in the YAML files of a folder, in the order of the files' names. */
export async function readObjects(folder: string): Promise<KubeObject[]> {
  const files = (await readdir(folder)).filter(name => name.endsWith('.yaml'));
  const objects: KubeObject[] = [];
  for (const file of files.sort()) {
    const text = await readFile(join(folder, file), 'utf8');
    for (const document of parseAllDocuments(text)) {
      objects.push(document.toJS() as KubeObject);
    }
  }
  return objects;
}
