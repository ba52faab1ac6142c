"""Fits the small convolutional nets of src/acoustics/net.rs and writes their weights. Needs numpy, jax, optax."""
import sys
import numpy as np

UNITS = 16


def layers(xp, relu, weights, x, apart):
    """Answers by place of sequences [sequence, place, input]; beyond their ends are zeros."""
    def places(x, apart):
        none = xp.zeros_like(x[:, :apart])
        return xp.concatenate([xp.concatenate([none, x[:, :-apart]], 1), x, xp.concatenate([x[:, apart:], none], 1)], -1)

    units = relu(places(x, apart[0]) @ weights["first"][0] + weights["first"][1])
    for distance, (w, b) in zip(apart[1:], weights["others"]):
        units = units + relu(places(units, distance) @ w + b)
    return units @ weights["output"][0] + weights["output"][1]


def answers(weights, x, apart):
    return layers(np, lambda x: np.maximum(x, 0), weights, x, apart)


def drawn(inputs, count):
    import jax, jax.numpy as jnp
    keys = jax.random.split(jax.random.PRNGKey(0), count + 1)
    normal = lambda key, inputs, scale=1.0: scale * np.sqrt(2 / inputs) * jax.random.normal(key, (inputs, UNITS))
    return {
        "first": (normal(keys[0], 3 * inputs), jnp.zeros(UNITS)),
        "others": [(normal(key, 3 * UNITS, 0.5), jnp.zeros(UNITS)) for key in keys[1:-1]],
        "output": (normal(keys[-1], UNITS)[:, 0], jnp.zeros(())),
    }


def fitted(data, loss, apart, epochs, batch, rate, decay, carefully=False):
    """Weights of a net whose layers look at places so far `apart`; `data` starts with its inputs, and `loss` takes its
    answers and the rest of `data`. Carefully: with small steps first and none too large."""
    import jax, jax.numpy as jnp, optax
    weights = drawn(data[0].shape[2], len(apart))
    steps = len(data[0]) // batch
    adam = optax.adamw(optax.cosine_decay_schedule(rate, epochs * steps), weight_decay=decay)
    if carefully:
        plan = optax.warmup_cosine_decay_schedule(0, rate, epochs * steps // 10, epochs * steps)
        adam = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(plan, weight_decay=decay))

    @jax.jit
    def step(weights, state, x, *rest):
        of = lambda weights: loss(layers(jnp, jax.nn.relu, weights, x, apart), *rest)
        off, slope = jax.value_and_grad(of)(weights)
        change, state = adam.update(slope, state, weights)
        return optax.apply_updates(weights, change), state, off

    state, rng = adam.init(weights), np.random.default_rng(0)
    for epoch in range(epochs):
        order, off = rng.permutation(len(data[0])), 0.0
        for some in np.split(order[:steps * batch], steps):
            weights, state, one = step(weights, state, *(part[some] for part in data))
            off += float(one) / steps
        print(f"epoch {epoch}: {off:.4f}", file=sys.stderr, flush=True)
    return jax.tree.map(np.asarray, weights)


def rust(values):
    """Numbers of a row side by side, a row a line."""
    if np.ndim(values) == 0:
        return f"{float(values):.5f}"
    return "[" + (", " if np.ndim(values) == 1 else ",\n    ").join(rust(value) for value in values) + "]"


def layer(apart, weights):
    return f"""Layer {{
apart: {apart},
weights: {rust(weights[0].reshape(3, -1, UNITS))},
biases: {rust(weights[1])},
}}"""


def write(weights, apart, of, path):
    """Writes what the net of `of` has learned to `path`."""
    path.write_text(f"""//! Weights of the net of {of}: written by `models/{of}/fit.py`, not by hand.

use super::super::net::{{Layer, Weights}};
use super::CLUES;

/// Layers behind the first.
pub(super) const LAYERS: usize = {len(apart) - 1};

#[rustfmt::skip]
pub(in crate::acoustics) static WEIGHTS: Weights<CLUES, LAYERS> = Weights {{
first: {layer(apart[0], weights["first"])},
others: [{", ".join(layer(*both) for both in zip(apart[1:], weights["others"]))}],
output: {rust(weights["output"][0])},
output_bias: {rust(weights["output"][1])},
}};
""")
