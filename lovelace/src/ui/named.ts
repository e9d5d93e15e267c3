/** Which character a card means. */

import type { Character } from "../ha/messages.js";

/** Find a character by its id or its conversation entity, which the editor picks; without a name the first one. */
export function named(characters: readonly Character[], wanted?: string): Character | null {
  const means = ({ id, conversation_entity }: Character) =>
    id === wanted || conversation_entity === wanted;
  return (wanted ? characters.find(means) : characters[0]) ?? null;
}
