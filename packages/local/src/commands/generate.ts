import {
  generateOpenApiCode,
  isOpenApiCodeCurrent,
} from '../generated/openApi.ts';
import {
  generateProtobufCode,
  moveProtobufBaseline,
} from '../generated/protobuf.ts';
import { terminal } from '../terminal/steps.ts';
import { CommandError, type CommandContext } from './types.ts';

export async function generate(context: CommandContext): Promise<number> {
  const { root, signal } = context;
  const [what = 'code'] = context.args;
  switch (what) {
    case 'code':
      await terminal.step('Generating protobuf code', () =>
        generateProtobufCode({ root, signal }),
      );
      if (!isOpenApiCodeCurrent(root)) {
        await terminal.step('Generating OpenAPI code (needs Java)', () =>
          generateOpenApiCode({ root, signal }),
        );
      }
      return 0;
    case 'baseline':
      await moveProtobufBaseline({ root, signal });
      return 0;
    default:
      throw new CommandError(`There is nothing called ${what} to generate`);
  }
}
