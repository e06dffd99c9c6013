"""Layers, under Keras's names."""

from course.nn.layers.base import Input, Layer
from course.nn.layers.convolution import Conv2D, Conv2DTranspose, UpSampling2D
from course.nn.layers.core import Activation, Add, Concatenate, Dense, Dropout, Embedding, Flatten, Reshape
from course.nn.layers.normalization import BatchNormalization
from course.nn.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D
from course.nn.layers.recurrent import GRU, LSTM, SimpleRNN

__all__ = [
    "GRU",
    "LSTM",
    "Activation",
    "Add",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "Conv2DTranspose",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "GlobalAveragePooling2D",
    "Input",
    "Layer",
    "MaxPooling2D",
    "Reshape",
    "SimpleRNN",
    "UpSampling2D",
]
