/** A rule for the linter: what decides waits for nothing, and is told the time. */
import { definePlugin, defineRule, type ESTree } from '@oxlint/plugins';

const exact = defineRule({
  create(context) {
    const refuse = (node: ESTree.Node, message: string) => {
      context.report({ node, message });
    };
    const refuseAsync = (node: ESTree.Function | ESTree.ArrowFunctionExpression) => {
      if (node.async) refuse(node, 'Rules do not wait.');
    };
    return {
      AwaitExpression: (node) => {
        refuse(node, 'Rules do not wait.');
      },
      FunctionDeclaration: refuseAsync,
      FunctionExpression: refuseAsync,
      ArrowFunctionExpression: refuseAsync,
      NewExpression(node) {
        const isNow = node.callee.type === 'Identifier' && node.callee.name === 'Date';
        if (isNow && node.arguments.length === 0) refuse(node, 'Rules are told the time.');
      },
    };
  },
});

export default definePlugin({ meta: { name: 'sotto' }, rules: { exact } });
