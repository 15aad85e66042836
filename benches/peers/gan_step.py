"""The networks of crates/adm-models/examples/gan_step.rs in Keras on TensorFlow: gan_step.py MODEL BATCH STEPS.

Prints seconds a step, the median. Made for tensorflow-cpu 2.21.0 (Keras 3): pip install tensorflow-cpu==2.21.0
"""
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf
from tensorflow.keras import Sequential, layers

SPECS = {
    # side, channels, generator widths, tanh between, slope, discriminator widths, batch norm there, dropout, dense, rates
    "djset-3": (128, 1, [1024, 512, 256, 128, 64], False, 0.0, [16, 32, 64, 128, 256], True, 0.0, [], (1e-3, 1e-3)),
    "training-4": (256, 4, [256, 128, 64, 32], True, 0.2, [32, 64, 128, 256], False, 0.3, [64], (1.2e-4, 1e-4)),
}


def generator(side, channels, widths, tanh, slope):
    fold = side >> len(widths)
    model = Sequential([layers.Input((100,)), layers.Dense(fold * fold * widths[0]), layers.Reshape((fold, fold, widths[0]))])
    for width in widths[1:] + [channels]:
        model.add(layers.BatchNormalization(epsilon=1e-5))
        model.add(layers.LeakyReLU(negative_slope=slope) if slope else layers.ReLU())
        if tanh:
            model.add(layers.Activation("tanh"))
        last = width == channels
        model.add(layers.Conv2DTranspose(width, 4, strides=2, padding="same", use_bias=last))
    model.add(layers.Activation("tanh"))
    return model


def discriminator(side, channels, widths, norm, dropout, dense):
    model = Sequential([layers.Input((side, side, channels))])
    for index, width in enumerate(widths):
        normed = norm and index > 0
        model.add(layers.Conv2D(width, 4, strides=2, padding="same", use_bias=not normed))
        if normed:
            model.add(layers.BatchNormalization(epsilon=1e-5))
        model.add(layers.LeakyReLU(negative_slope=0.2))
        if dropout:
            model.add(layers.Dropout(dropout))
    model.add(layers.Flatten())
    for size in dense:
        model.add(layers.Dense(size))
        model.add(layers.LeakyReLU(negative_slope=0.2))
    model.add(layers.Dense(1))
    return model


def main():
    name, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    side, channels, gw, tanh, slope, dw, norm, dropout, dense, rates = SPECS[name]
    g, d = generator(side, channels, gw, tanh, slope), discriminator(side, channels, dw, norm, dropout, dense)
    g_adam, d_adam = tf.keras.optimizers.Adam(rates[0]), tf.keras.optimizers.Adam(rates[1])
    bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)

    def discriminator_step(real, fake):
        with tf.GradientTape() as tape:
            on_real, on_fake = d(real, training=True), d(fake, training=True)
            loss = bce(tf.ones_like(on_real), on_real) + bce(tf.zeros_like(on_fake), on_fake)
        d_adam.apply_gradients(zip(tape.gradient(loss, d.trainable_variables), d.trainable_variables))
        return loss

    @tf.function
    def in_turn(real):
        """The discriminator's update, then the generator's through the updated discriminator: what is done here."""
        with tf.GradientTape() as tape:
            fake = g(tf.random.normal([batch, 100]), training=True)
            with tape.stop_recording():
                d_loss = discriminator_step(real, fake)
            verdict = d(fake, training=True)
            g_loss = bce(tf.ones_like(verdict), verdict)
        g_adam.apply_gradients(zip(tape.gradient(g_loss, g.trainable_variables), g.trainable_variables))
        return g_loss, d_loss

    @tf.function
    def at_once(real):
        """Both updates from one pass of the discriminator, one pass less: what TensorFlow's tutorial does."""
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = g(tf.random.normal([batch, 100]), training=True)
            on_real, on_fake = d(real, training=True), d(fake, training=True)
            g_loss = bce(tf.ones_like(on_fake), on_fake)
            d_loss = bce(tf.ones_like(on_real), on_real) + bce(tf.zeros_like(on_fake), on_fake)
        g_adam.apply_gradients(zip(g_tape.gradient(g_loss, g.trainable_variables), g.trainable_variables))
        d_adam.apply_gradients(zip(d_tape.gradient(d_loss, d.trainable_variables), d.trainable_variables))
        return g_loss, d_loss

    step = {"in-turn": in_turn, "at-once": at_once}[sys.argv[4]]
    real = tf.random.uniform([batch, side, side, channels], -0.5, 0.5)
    seconds = []
    for _ in range(steps + 2):
        start = time.perf_counter()
        [loss.numpy() for loss in step(real)]
        seconds.append(time.perf_counter() - start)
    print(f"{np.median(seconds[2:]):.6f}")


main()
