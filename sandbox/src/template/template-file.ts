import { z } from 'zod';
import { AssemblyError } from './errors';
import { readJson } from './read-json';

const templateSchema = z.object({
  Parameters: z.record(z.string(), z.object({
    Type: z.string().optional(),
    Default: z.unknown().optional(),
  })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), z.object({
    Type: z.string(),
    Properties: z.record(z.string(), z.unknown()).default({}),
    Condition: z.string().optional(),
    Metadata: z.record(z.string(), z.unknown()).optional(),
    DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  })).default({}),
  Outputs: z.record(z.string(), z.object({
    Value: z.unknown(),
    Condition: z.string().optional(),
    Export: z.object({ Name: z.unknown() }).optional(),
  })).default({}),
});

/** The parts of a CloudFormation template that decide what is deployed. */
export type Template = z.infer<typeof templateSchema>;

export function readTemplate(file: string): Template {
  const template = templateSchema.safeParse(readJson(file));
  if (!template.success) {
    throw new AssemblyError(`${file} is not a CloudFormation template: ${z.prettifyError(template.error)}`);
  }
  return template.data;
}
