/** What a customer is asked before their first message, in the order of asking. */
import type { Question } from '../../../../protocol/bodies.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Line, Tick } from '../../form/field.tsx';
import { words } from '../words.ts';
import { type DraftQuestion, newQuestion } from './draft.ts';
import type { PartProps } from './part-props.ts';
import { inLanguage, spokenAs, writtenIn } from './texts.tsx';

const kinds = ['name', 'address', 'text'] as const satisfies readonly Question['kind'][];

export function Questions({ draft, language, change }: PartProps) {
  const { questions } = draft;
  const set = (changed: readonly DraftQuestion[]) => change({ questions: changed });
  const addable = kinds.filter(
    (kind) => kind === 'text' || !questions.some((question) => question.kind === kind),
  );
  return (
    <fieldset class="group">
      <legend>{words.sites.questions}</legend>
      <p class="soft">{questions.length === 0 ? words.sites.noQuestions : words.sites.questionsHint}</p>
      {questions.length > 0 && (
        <ol class="questions">
          {questions.map((question, index) => (
            <li key={question.key}>
              <QuestionFields
                question={question}
                language={language}
                change={(patch) =>
                  set(questions.map((each) => (each === question ? { ...each, ...patch } : each)))
                }
              />
              <div class="question-acts">
                <Button small disabled={index === 0} onPress={() => set(moved(questions, index, -1))}>
                  {words.sites.up}
                </Button>
                <Button
                  small
                  disabled={index === questions.length - 1}
                  onPress={() => set(moved(questions, index, 1))}
                >
                  {words.sites.down}
                </Button>
                <Button
                  small
                  label={words.sites.removeQuestion(words.sites.kinds[question.kind])}
                  onPress={() => set(questions.filter((each) => each !== question))}
                >
                  {words.sites.remove}
                </Button>
              </div>
            </li>
          ))}
        </ol>
      )}
      {questions.length < limits.questions && (
        <div class="question-acts">
          {addable.map((kind) => (
            <Button key={kind} small onPress={() => set([...questions, newQuestion(kind)])}>
              {words.sites.addQuestion[kind]}
            </Button>
          ))}
        </div>
      )}
    </fieldset>
  );
}

interface FieldsProps {
  question: DraftQuestion;
  language: string;
  change: (patch: Partial<Question>) => void;
}

function QuestionFields({ question: { kind, label, required }, language, change }: FieldsProps) {
  const asked = Object.values(label).some((text) => text.trim() !== '');
  return (
    <>
      <p class="question-kind">{words.sites.kinds[kind]}</p>
      <Line
        label={inLanguage(kind === 'text' ? words.sites.label : words.sites.labelOwn, language)}
        {...writtenIn(language)(label, (texts) => change({ label: texts }))}
        check={() => (kind === 'text' && !asked ? words.sites.labelMissing : null)}
        input={{ ...spokenAs(language), maxLength: limits.siteTextLength }}
      />
      <Tick
        label={words.sites.required}
        checked={required}
        change={(checked) => change({ required: checked })}
      />
    </>
  );
}

function moved<Thing>(things: readonly Thing[], index: number, by: number): Thing[] {
  const order = [...things];
  order.splice(index + by, 0, ...order.splice(index, 1));
  return order;
}
