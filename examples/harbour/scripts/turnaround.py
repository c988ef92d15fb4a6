"""How long the Petrel may charge between two crossings.

Written by Yusuf Dallow for the mates, January 2026. Run it with the planned
stay in minutes and the number of cars that go off and on:

    python turnaround.py 25 72

The ramp moves 14 cars a minute when nobody argues. The plug takes 50 seconds
to find its hole in calm water and up to three minutes in a north-wester, which
is the only wind that reaches berth 2. The station gives 3.2 megawatts, but for
no more than 18 minutes in any hour; the agreement with the power works says so.
"""

import sys

STATION_KW = 3200
LONGEST_CHARGE_MINUTES = 18
BATTERY_KWH = 2140
ONE_WAY_KWH = 345  # Averstrand to Pellhythe, calm, heating off
CARS_PER_MINUTE = 14


def minutes_of_charge(stay: float, plug: float = 50 / 60) -> float:
    """The plug may stay in while cars move: only its own movement is lost, twice."""
    return max(0.0, min(LONGEST_CHARGE_MINUTES, stay - 2 * plug))


def energy(stay: float) -> float:
    return STATION_KW * minutes_of_charge(stay) / 60


def round_trips(stay: float, heating: float = 1.0) -> float:
    """How many round trips one stay pays for. Heating in January: 1.25."""
    return energy(stay) / (2 * ONE_WAY_KWH * heating)


if __name__ == "__main__":
    stay, cars = float(sys.argv[1]), int(sys.argv[2])
    needed = 2 * cars / CARS_PER_MINUTE
    print(f"cars need {needed:.1f} minutes")
    print(f"charge {energy(stay):.0f} kWh of {BATTERY_KWH}, enough for {round_trips(stay):.2f} round trips")
    if needed > stay:
        print("The cars are slower than the plug. Talk to the deck, not to the engine.")
