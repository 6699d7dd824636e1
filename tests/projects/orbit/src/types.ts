export interface Level {
  name: string;
  stones: [number, number, number][];
}
export enum Phase { Title, Play, Over }
