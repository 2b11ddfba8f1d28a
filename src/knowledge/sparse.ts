/** Numbers at some places of a long list, zero elsewhere. In two plain arrays: a question adds up thousands of them. */
export class Sparse {
  private readonly places: number[] = [];
  private readonly values: number[] = [];

  get size(): number {
    return this.places.length;
  }

  /** Places come in order; of two numbers at the same place the larger one stays. */
  put(place: number, value: number): void {
    const last = this.places.length - 1;
    if (this.places[last] === place) this.values[last] = Math.max(this.values[last] ?? 0, value);
    else {
      this.places.push(place);
      this.values.push(value);
    }
  }

  /** Adds each number, times `factor`, to the sum at its place. */
  addTo(sums: Float64Array, factor: number): void {
    const { places, values } = this;
    for (let at = 0; at < places.length; at++)
      (sums[places[at] as number] as number) += factor * (values[at] as number);
  }
}

/** The places of the largest numbers above zero, largest first; of equal ones the first. */
export function largest(numbers: Float64Array, most: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < numbers.length; place++) {
    const number = numbers[place] as number;
    const least = places.length < most ? 0 : (numbers[places[most - 1] as number] as number);
    if (!(number > least)) continue;
    let at = Math.min(places.length, most - 1);
    while (at > 0 && (numbers[places[at - 1] as number] as number) < number) {
      places[at] = places[at - 1] as number;
      at--;
    }
    places[at] = place;
  }
  return places;
}
