type Section = 'schemas' | 'responses' | 'parameters' | 'headers';

/** Points at a component of the document. */
export function reference(section: Section, name: string): { $ref: string } {
  return { $ref: `#/components/${section}/${name}` };
}
